/**
 * What a browser shows that comes back from the provider. The cookie of a session is sent with requests from our own pages only,
 * and a redirect would still be the provider's: therefore a page, which goes on by itself. Never holds a script.
 */
import type { ApiProblem } from '../problem.ts';

/** `path`: of this server, as returnPathOf makes it. */
export function signedInPage(path: string): string {
  const address = escaped(path);
  return pageOf(
    'Signed in',
    `<p>You are signed in. <a href="${address}">Go on</a></p>`,
    // Within the attribute a browser ends the address at a quote of this kind.
    `<meta http-equiv="refresh" content="0;url=${address.replaceAll("'", '%27')}">`,
  );
}

export function notSignedInPage({ message, action, code }: ApiProblem, requestId: string): string {
  const what = [message, action].filter((sentence) => sentence !== undefined).map((text) => escaped(withStop(text)));
  return pageOf(
    'Not signed in',
    `<h1>You are not signed in</h1><p>${what.join(' ')}</p><p><a href="/">Back</a></p>
<p><small>${escaped(code)} · ${escaped(requestId)}</small></p>`,
  );
}

function withStop(text: string): string {
  const sentence = text.slice(0, 1).toUpperCase() + text.slice(1);
  return sentence.endsWith('.') ? sentence : `${sentence}.`;
}

function pageOf(title: string, body: string, head = ''): string {
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">${head}
<title>${title} – Evenstock</title></head>
<body>${body}</body></html>
`;
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}
