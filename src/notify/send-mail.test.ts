import { createServer } from 'node:net';
import { afterAll, describe, expect, test } from 'vitest';
import type { ChannelSettings } from '../contract/notification.ts';
import type { SendOptions } from './post-json.ts';
import { type MailReceiver, makeCertificate, openMailReceiver, plainTextOf } from './receivers-fixture.ts';
import { sendMail } from './send-mail.ts';

type Settings = Extract<ChannelSettings, { kind: 'email' }>['settings'];

const open: MailReceiver[] = [];
const receiver = async (options: Parameters<typeof openMailReceiver>[0] = {}): Promise<MailReceiver> => {
  const opened = await openMailReceiver(options);
  open.push(opened);
  return opened;
};
afterAll(() => Promise.all(open.map((each) => each.close())));

const MAIL = {
  subject: 'Hello',
  text: 'Text\n',
  html: '<p>Text</p>',
  messageId: '<id-1@example.com>',
  date: new Date(0),
};
const send = (
  settings: Partial<Settings> & Pick<Settings, 'port'>,
  more: Partial<SendOptions> = {},
  password?: string,
  mail: Partial<typeof MAIL> = {},
) =>
  sendMail(
    {
      ...{ host: '127.0.0.1', security: 'none', user: null, from: 'evenstock@example.com', to: ['ann@example.com'] },
      ...settings,
    },
    password,
    { ...MAIL, ...mail },
    { allowed: ['127.0.0.1', 'localhost'], signal: new AbortController().signal, msMax: 20_000, ...more },
  );
const refusal = (responseCode: number): Error => Object.assign(new Error('not now'), { responseCode });

test('a mail arrives with its text, its id and the mark that keeps machines from answering', async () => {
  const { port, mails } = await receiver();
  expect(await send({ port })).toMatchObject({
    answer: { kind: 'smtp', code: 250 },
    says: expect.stringContaining('OK'),
  });
  expect(mails).toHaveLength(1);
  expect(mails[0]).toMatch(/^Message-ID: <id-1@example\.com>\r$/m);
  expect(mails[0]).toMatch(/^Auto-Submitted: auto-generated\r$/m);
  expect(plainTextOf(mails[0] as string)).toContain('Text');
});

test('a subject of hostile data stays a subject', async () => {
  const { port, mails } = await receiver();
  await send({ port }, {}, undefined, { subject: 'Item\r\nBcc: eve@example.com\r\n\r\nbody' });
  expect(mails[0]).not.toMatch(/^Bcc:/im);
  expect(mails[0]).toMatch(/^Subject: Item/m);
});

test('some who are refused are named, and the others have it', async () => {
  const { port, mails } = await receiver({
    onRcptTo: ({ address }, _session, done) => done(address.startsWith('bad') ? refusal(550) : null),
  });
  const sent = await send({ port, to: ['ann@example.com', 'bad@example.com'] });
  expect(sent).toMatchObject({
    answer: { kind: 'smtp', code: 250 },
    says: expect.stringContaining('refused for bad@'),
  });
  expect(mails).toHaveLength(1);
});

test.each([
  ['everybody who is refused', { onRcptTo: (_a, _s, done) => done(refusal(550)) }, 550, true],
  ['a server that is busy', { onMailFrom: (_a, _s, done) => done(refusal(451)) }, 451, true],
  ['a server that will have none of us', { onConnect: (_s, done) => done(refusal(554)) }, 554, false],
] satisfies [string, Parameters<typeof openMailReceiver>[0], number, boolean][])(
  '%s is told with the code',
  async (_name, options, code, isOfMessage) => {
    const { port } = await receiver(options);
    expect((await send({ port })).answer).toEqual({ kind: 'smtp', code, isOfMessage });
  },
);

test('who hangs, says too much or is no mail server is left', async () => {
  const servers = [
    createServer((socket) => socket.on('error', () => undefined)),
    createServer((socket) => socket.on('error', () => undefined).write(`220 ${'x'.repeat(200_000)}\r\n`)),
    createServer((socket) => socket.on('error', () => undefined).end('HTTP/1.1 400 Bad Request\r\n\r\n')),
  ];
  for (const server of servers) {
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()));
    const { port } = server.address() as { port: number };
    expect((await send({ port }, { msMax: 700 })).answer.kind).toBe('none');
    server.close();
  }
  expect((await send({ port: 1 })).says).toContain('ECONNREFUSED');
});

test('a server that stops ends it at once', async () => {
  const server = createServer((socket) => socket.on('error', () => undefined));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()));
  const stopping = new AbortController();
  setTimeout(() => stopping.abort(), 200);
  const { port } = server.address() as { port: number };
  expect(await send({ port }, { signal: stopping.signal })).toMatchObject({ answer: { kind: 'none' } });
  server.close();
});

test('a server within the own network, and a port that is no mail server, are not asked', async () => {
  const { port, mails } = await receiver();
  expect((await send({ port }, { allowed: [] })).answer).toEqual({ kind: 'impossible' });
  expect((await send({ host: '93.184.216.34', port: 6379 }, { allowed: [] })).says).toContain('not at 6379');
  expect(mails).toEqual([]);
});

const certificate = makeCertificate();
describe.skipIf(certificate === undefined)('TLS', () => {
  const { key = '', certificate: cert = '' } = certificate ?? {};
  const secured = (secure: boolean, signedIn: string[]) =>
    receiver({
      ...{ secure, key, cert, disabledCommands: [], authOptional: false },
      onAuth: ({ username, password }, _session, done) => {
        signedIn.push(`${username} ${password}`);
        if (password === 'right') done(null, { user: username });
        else done(refusal(535));
      },
    });

  test.each([
    ['starttls', false],
    ['tls', true],
  ] as const)('%s: the password goes through it, to who proves to be the host', async (security, isSecure) => {
    const signedIn: string[] = [];
    const { port, mails } = await secured(isSecure, signedIn);
    const settings = { port, security, host: 'localhost', user: 'sender' };
    expect((await send(settings, { authorities: cert }, 'right')).answer).toMatchObject({ code: 250 });
    expect((await send(settings, { authorities: cert }, 'wrong')).answer).toEqual({
      ...{ kind: 'smtp', code: 535, isOfMessage: false },
    });
    expect(signedIn).toEqual(['sender right', 'sender wrong']);
    // Nobody known has signed it, and it is not for this address.
    expect((await send(settings, {}, 'right')).answer.kind).toBe('none');
    expect((await send({ ...settings, host: '127.0.0.1' }, { authorities: cert }, 'right')).answer.kind).toBe('none');
    expect(signedIn).toHaveLength(2);
    expect(mails).toHaveLength(1);
  });

  test('a server without STARTTLS never gets the password', async () => {
    const signedIn: string[] = [];
    const { port, mails } = await receiver({
      ...{ allowInsecureAuth: true, disabledCommands: ['STARTTLS'] },
      onAuth: ({ username }, _session, done) => {
        signedIn.push(String(username));
        done(null, { user: username });
      },
    });
    const sent = await send({ port, security: 'starttls', host: 'localhost', user: 'sender' }, {}, 'right');
    expect(sent.answer.kind).not.toBe('impossible');
    expect([signedIn, mails]).toEqual([[], []]);
  });
});
