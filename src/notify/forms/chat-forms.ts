/**
 * A message as the incoming webhooks of Slack and of Teams take it. Texts go into elements that show them as they stand, so that
 * no code or description becomes markup, a mention or a link. Never longer than the two allow.
 */
import type { NotifyMessage } from '../../contract/notification.ts';

/** Slack refuses texts beyond 3,000 characters and messages beyond 50 blocks. */
const TEXT_CHARACTERS_MAX = 2_500;
const HEADER_CHARACTERS_MAX = 150;
const LINES_MAX = 20;

type Json = Readonly<Record<string, unknown>>;

/** `text` is for receivers that show no blocks: nothing in it is markup. */
export function slackForm(message: NotifyMessage, consoleUrl: string | undefined): Json {
  const { subject, opening, sections, action, link, footer } = message;
  const blocks = [
    { type: 'header', text: { type: 'plain_text', text: cut(subject, HEADER_CHARACTERS_MAX), emoji: false } },
    richText([
      ...opening.map((text) => slackText(text)),
      ...(action === '' ? [] : [slackText(`What to do: ${action}`)]),
    ]),
    ...sections.flatMap(({ title, lines, rest }) => [
      ...(title === '' ? [] : [richText([slackText(title, true)])]),
      {
        type: 'rich_text',
        elements: [
          {
            type: 'rich_text_list',
            style: 'bullet',
            elements: lines.slice(0, LINES_MAX).map((line) => ({
              type: 'rich_text_section',
              elements: [slackName(line, consoleUrl), slackText(`: ${line.detail}`)],
            })),
          },
        ],
      },
      ...(restOf(rest, lines.length) === '' ? [] : [richText([slackText(restOf(rest, lines.length))])]),
    ]),
    ...(link === null || consoleUrl === undefined
      ? []
      : [richText([{ type: 'link', url: `${consoleUrl}${link.path}`, text: link.label }])]),
    { type: 'context', elements: [{ type: 'plain_text', text: cut(footer, 300), emoji: false }] },
  ];
  return { text: slackEscaped(subject), mrkdwn: false, blocks };
}

function slackText(text: string, bold = false): Json {
  return { type: 'text', text: cut(text, TEXT_CHARACTERS_MAX), ...(bold && { style: { bold: true } }) };
}

function slackName({ title, path }: { readonly title: string; readonly path: string }, consoleUrl: string | undefined) {
  const text = cut(title, TEXT_CHARACTERS_MAX);
  if (path === '' || consoleUrl === undefined) return slackText(text, true);
  return { type: 'link', url: `${consoleUrl}${path}`, text, style: { bold: true } };
}

/** One line after the other. */
function richText(texts: readonly Json[]): Json {
  const elements = texts.flatMap((text, index) => (index === 0 ? [text] : [{ type: 'text', text: '\n' }, text]));
  return { type: 'rich_text', elements: [{ type: 'rich_text_section', elements }] };
}

function slackEscaped(text: string): string {
  return cut(text, TEXT_CHARACTERS_MAX).replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

/** An adaptive card, as the workflows of Teams take it. */
export function teamsForm(message: NotifyMessage, consoleUrl: string | undefined): Json {
  const { subject, opening, sections, action, link, footer } = message;
  const body = [
    cardText(subject, { size: 'Large', weight: 'Bolder' }),
    ...opening.map((text) => cardText(text)),
    ...(action === '' ? [] : [cardText(`What to do: ${action}`)]),
    ...sections.flatMap(({ title, lines, rest }) => [
      ...(title === '' ? [] : [cardText(title, { weight: 'Bolder' })]),
      ...lines.slice(0, LINES_MAX).map((line) => cardLine(line, consoleUrl)),
      ...(restOf(rest, lines.length) === '' ? [] : [cardText(restOf(rest, lines.length), { isSubtle: true })]),
    ]),
    cardText(footer, { isSubtle: true, size: 'Small' }),
  ];
  const actions =
    link === null || consoleUrl === undefined
      ? []
      : [{ type: 'Action.OpenUrl', title: link.label, url: `${consoleUrl}${link.path}` }];
  const content = {
    $schema: 'http://adaptivecards.io/schemas/adaptive-card.json',
    type: 'AdaptiveCard',
    version: '1.4',
    msteams: { width: 'Full' },
    body,
    actions,
  };
  return {
    type: 'message',
    summary: cut(subject, HEADER_CHARACTERS_MAX),
    attachments: [{ contentType: 'application/vnd.microsoft.card.adaptive', content }],
  };
}

/** Runs of text are shown as they stand; a TextBlock would read them as Markdown. */
function cardText(text: string, style: Json = {}): Json {
  return { type: 'RichTextBlock', inlines: [{ type: 'TextRun', text: cut(text, TEXT_CHARACTERS_MAX), ...style }] };
}

function cardLine(
  { title, detail, path }: { readonly title: string; readonly detail: string; readonly path: string },
  consoleUrl: string | undefined,
): Json {
  const opens = path !== '' && consoleUrl !== undefined;
  const name = {
    ...{ type: 'TextRun', text: cut(title, TEXT_CHARACTERS_MAX), weight: 'Bolder' },
    ...(opens && { selectAction: { type: 'Action.OpenUrl', url: `${consoleUrl}${path}` } }),
  };
  const rest = { type: 'TextRun', text: `: ${cut(detail, TEXT_CHARACTERS_MAX)}` };
  return { type: 'RichTextBlock', inlines: [name, rest] };
}

function restOf(rest: string, lines: number): string {
  return lines > LINES_MAX ? `${lines - LINES_MAX} more lines are too many for a chat. ${rest}`.trim() : rest;
}

function cut(text: string, most: number): string {
  return text.length > most ? `${text.slice(0, most - 1)}…` : text;
}
