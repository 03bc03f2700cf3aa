/**
 * Puts all code that is shipped into few files: to find, open and compile five hundred takes longer than a small run does.
 * Never minifies: whoever reads a stack trace shall find the place.
 */
import { cpSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import { licensesOf } from './licenses-of.ts';

const ENTRIES = [
  'src/main.ts',
  'src/engine/pass/pass-thread-entry.ts',
  'src/engine/evidence/explain-thread-entry.ts',
  'src/app/lines/lines-thread-entry.ts',
  'src/app/messages/messages-thread-entry.ts',
  'src/jobs/run-entry.ts',
  'src/jobs/judge-entry.ts',
  'src/jobs/live/live-thread-entry.ts',
] as const;

/**
 * What stays in node_modules: packages with binaries, which they find by their own place, and those of the server, which
 * starts once and not for each small run, or loads them only where they are wanted.
 */
const EXTERNAL = [
  '@duckdb/node-api',
  'libsql',
  'pg',
  '@node-rs/argon2',
  'fastify',
  '@fastify/*',
  'pino',
  '@opentelemetry/*',
  'nodemailer',
];

/** Code of CommonJS asks for modules of Node by `require`, which modules do not have. */
const REQUIRE = "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);";

/** Writes all files side by side, so that paths from one to another are the same in any of them. `more`: further entries. */
export async function bundle(folder: string, more: readonly string[] = []): Promise<void> {
  rmSync(folder, { recursive: true, force: true });
  const { metafile } = await build({
    entryPoints: [...ENTRIES, ...more],
    outdir: folder,
    entryNames: '[name]',
    chunkNames: '[name]-[hash]',
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    external: EXTERNAL,
    banner: { js: REQUIRE },
    metafile: true,
    logLevel: 'warning',
  });
  cpSync('src/report/page', join(folder, 'page'), { recursive: true });
  writeFileSync(join(folder, 'third-party-licenses.txt'), licensesOf(Object.keys(metafile.inputs)));
}

/** The client is for browsers too: one file by itself, with nothing of Node. */
async function bundleClient(folder: string): Promise<void> {
  rmSync(folder, { recursive: true, force: true });
  await build({
    entryPoints: ['src/client/evenstock-client.ts'],
    outdir: folder,
    bundle: true,
    format: 'esm',
    platform: 'neutral',
    target: 'es2022',
    logLevel: 'warning',
  });
}

if (process.argv[1] === import.meta.filename) {
  await bundle('dist/src');
  await bundleClient('dist/client');
}
