/** A message as a mail: plain text, and HTML that any mail program shows. Never lets a text of the data become markup or a header. */
import type { MessageLine, NotifyMessage } from '../../contract/notification.ts';

export interface MailForm {
  readonly subject: string;
  readonly text: string;
  readonly html: string;
}

const SUBJECT_CHARACTERS_MAX = 180;

/** `consoleUrl`: undefined where nobody said at which address people open Evenstock; then there are no links. */
export function mailForm(message: NotifyMessage, consoleUrl: string | undefined): MailForm {
  return {
    subject: subjectOf(message.subject),
    text: textOf(message, consoleUrl),
    html: htmlOf(message, consoleUrl),
  };
}

function subjectOf(subject: string): string {
  const plain = subject.replace(/[\p{C}\s]+/gu, ' ').trim();
  return plain.length > SUBJECT_CHARACTERS_MAX ? `${plain.slice(0, SUBJECT_CHARACTERS_MAX)}…` : plain;
}

/** Also what a receiver shows who understands nothing else. */
export function textOf(message: NotifyMessage, consoleUrl: string | undefined): string {
  const { opening, sections, action, link, footer } = message;
  const blocks = [
    opening.join('\n'),
    ...sections.map(({ title, lines, rest }) =>
      [
        title === '' ? '' : title,
        ...lines.map((line) => `- ${line.title}\n  ${line.detail}`),
        rest === '' ? '' : `  ${rest}`,
      ]
        .filter((text) => text !== '')
        .join('\n'),
    ),
    action === '' ? '' : `What to do: ${action}`,
    link === null || consoleUrl === undefined ? '' : `${link.label}: ${consoleUrl}${link.path}`,
    `-- \n${footer}`,
  ];
  return `${blocks.filter((block) => block !== '').join('\n\n')}\n`;
}

const TEXT = 'font:15px/1.5 system-ui,-apple-system,Segoe UI,sans-serif;color:#1b1f24';
const QUIET = 'color:#5c6670;font-size:13px';

function htmlOf({ opening, sections, action, link, footer, subject }: NotifyMessage, consoleUrl: string | undefined) {
  const paragraph = (text: string): string => `<p style="margin:0 0 12px">${escaped(text)}</p>`;
  const parts = [
    ...opening.map(paragraph),
    ...sections.map(({ title, lines, rest }) =>
      [
        title === '' ? '' : `<h2 style="font-size:15px;margin:20px 0 8px">${escaped(title)}</h2>`,
        `<ul style="margin:0 0 12px;padding-left:20px">${lines.map((line) => lineHtml(line, consoleUrl)).join('')}</ul>`,
        rest === '' ? '' : `<p style="margin:0 0 12px;${QUIET}">${escaped(rest)}</p>`,
      ].join(''),
    ),
    action === '' ? '' : `<p style="margin:0 0 12px"><strong>What to do:</strong> ${escaped(action)}</p>`,
    link === null || consoleUrl === undefined
      ? ''
      : `<p style="margin:16px 0"><a href="${escaped(`${consoleUrl}${link.path}`)}" style="color:#0b5cad">${escaped(link.label)}</a></p>`,
    `<p style="margin:24px 0 0;${QUIET}">${escaped(footer)}</p>`,
  ];
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>${escaped(subject)}</title></head><body style="${TEXT}">${parts.join('')}</body></html>`;
}

function lineHtml({ title, detail, path }: MessageLine, consoleUrl: string | undefined): string {
  const name =
    path === '' || consoleUrl === undefined
      ? `<strong>${escaped(title)}</strong>`
      : `<a href="${escaped(`${consoleUrl}${path}`)}" style="color:#0b5cad"><strong>${escaped(title)}</strong></a>`;
  return `<li style="margin:0 0 8px">${name}<br>${escaped(detail)}</li>`;
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? '');
}
