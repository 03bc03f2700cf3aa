/**
 * Decides what stands in `schema/openapi.json`: the description that a server gives at /api/v1/openapi.json, made of the
 * schemas that check requests. `--check` writes nothing and exits 1 where the file differs. Never starts a server.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { allRoutes } from '../src/api/all-routes.ts';
import type { ApiContext } from '../src/api/api-context.ts';
import { openApiDocument } from '../src/api/openapi-document.ts';

const file = new URL('../schema/openapi.json', import.meta.url);
// Routes are described, none is called: they need no store.
const context = { dataDirectory: '', database: {}, results: {} } as unknown as ApiContext;
const wanted = `${JSON.stringify(openApiDocument(allRoutes(context)), null, 2)}\n`;

if (!process.argv.includes('--check')) {
  writeFileSync(file, wanted);
} else if (!existsSync(file) || readFileSync(file, 'utf8') !== wanted) {
  process.stderr.write('schema/openapi.json is not what src/api says; run: npm run openapi\n');
  process.exitCode = 1;
}
