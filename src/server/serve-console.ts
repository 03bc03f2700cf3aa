/**
 * Gives out the built console: its files by name, and its one page for every address that people open. Decides what browsers
 * may keep and what the page may load. Never answers for the API.
 */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance } from 'fastify';

/** Built by `npm run build`. The server runs from dist/src or from src/server. */
const FOLDER = fileURLToPath(
  new URL(import.meta.url.includes('/dist/src/') ? '../console' : '../../dist/console', import.meta.url),
);
const NONCE_PLACE = '__STYLE_NONCE__';
/** Files whose name holds a hash of their content never change. */
const YEAR_S = 31_536_000;

/** Without a built console the server still has its API; whoever opens it in a browser is told. */
export async function serveConsole(app: FastifyInstance, randomBytes: (count: number) => Buffer): Promise<void> {
  const page = join(FOLDER, 'index.html');
  if (!existsSync(page)) {
    app.get('/', (_request, reply) =>
      reply
        .type('text/plain; charset=utf-8')
        .send('The console is not built; the API is at /api/v1. Run npm run build.\n'),
    );
    return;
  }
  await app.register(fastifyStatic, {
    root: FOLDER,
    index: false,
    wildcard: false,
    // The page is sent below, with its nonce; by its file name it would come without.
    globIgnore: ['index.html'],
    cacheControl: false,
    setHeaders: (reply, path) => {
      const isHashed = path.includes('/assets/');
      reply.setHeader('cache-control', isHashed ? `public, max-age=${YEAR_S}, immutable` : 'public, max-age=3600');
    },
  });
  const [before = '', after = ''] = readFileSync(page, 'utf8').split(NONCE_PLACE);
  app.get('/*', (request, reply) => {
    if (isForeign(request.url)) return reply.callNotFound();
    const nonce = randomBytes(16).toString('base64');
    return reply
      .header('content-security-policy', policy(nonce))
      .header('cache-control', 'no-store')
      .type('text/html; charset=utf-8')
      .send(`${before}${nonce}${after}`);
  });
}

/** Addresses of the API, and files that are not there: a page in their place would hide that they are missing. */
function isForeign(url: string): boolean {
  const path = url.split('?')[0] as string;
  return path.startsWith('/api/') || path === '/api' || path.startsWith('/assets/');
}

/** Everything from this server, nothing inline but the styles that the page makes itself. */
function policy(nonce: string): string {
  return [
    "default-src 'none'",
    "script-src 'self'",
    `style-src 'self' 'nonce-${nonce}'`,
    "img-src 'self' data: blob:",
    "connect-src 'self'",
    "font-src 'self'",
    "manifest-src 'self'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ].join('; ');
}
