/** Sends a file of the reader to the server and tells how far it is. Never reads what is in it. */
import { type Answer, clientOver } from './ask.ts';

export interface FileAddress {
  /** Where its source stands, such as balances. */
  readonly kind: string;
  readonly system: string;
  readonly source: string;
}

export interface SentFile {
  readonly received: Answer<'POST /imports/{kind}'>;
  /** false: the same content was brought in before, and nothing was done. */
  readonly isNew: boolean;
}

/** `onProgress` hears shares from 0 to 1. */
export async function sendFile(
  file: File,
  { kind, system, source }: FileAddress,
  onProgress: (share: number) => void,
): Promise<SentFile> {
  const { body, status } = await clientOver(fetchTelling(onProgress)).call('POST /imports/{kind}', {
    path: { kind },
    query: {
      file_name: file.name,
      source,
      modified_at: new Date(file.lastModified).toISOString(),
      ...(system !== '' && { system }),
    },
    upload: { type: 'application/octet-stream', content: file },
  });
  return { received: body, isNew: status === 201 };
}

/** fetch itself says nothing of how much was sent. */
function fetchTelling(onProgress: (share: number) => void): typeof fetch {
  return (url, init) =>
    new Promise((resolve, reject) => {
      const request = new XMLHttpRequest();
      request.open(init?.method ?? 'GET', String(url));
      for (const [name, value] of new Headers(init?.headers)) request.setRequestHeader(name, value);
      request.upload.onprogress = ({ loaded, total }) => onProgress(total === 0 ? 0 : loaded / total);
      request.onerror = () => reject(new TypeError('the server does not answer'));
      request.onload = () => {
        const headers = new Headers();
        for (const name of ['content-type', 'location', 'retry-after']) {
          const value = request.getResponseHeader(name);
          if (value !== null) headers.set(name, value);
        }
        resolve(new Response(request.responseText, { status: request.status, headers }));
      };
      request.send((init?.body ?? null) as XMLHttpRequestBodyInit | null);
    });
}
