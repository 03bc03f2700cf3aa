/**
 * Decides what programs know of the API at compile time: `src/client/api-types.ts`, made of `schema/openapi.json`. `--check`
 * writes nothing and exits 1 where the file differs. Never adds a rule of its own.
 */
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { type JsonSchema, nameText, typeText } from './type-text.ts';

interface Content {
  readonly content?: Readonly<Record<string, { readonly schema: JsonSchema }>>;
  readonly required?: boolean;
}
interface Operation {
  readonly summary: string;
  readonly parameters?: readonly {
    name: string;
    in: string;
    required?: boolean;
    schema: JsonSchema;
    description?: string;
  }[];
  readonly requestBody?: Content;
  readonly responses: Readonly<Record<string, Content>>;
}
interface Description {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, JsonSchema>> };
}

const file = new URL('../src/client/api-types.ts', import.meta.url);
const description = JSON.parse(readFileSync(new URL('../schema/openapi.json', import.meta.url), 'utf8')) as Description;

function operationText(operation: Operation): string {
  const fields = ['path', 'query'].flatMap((place) => {
    const own = (operation.parameters ?? []).filter((parameter) => parameter.in === place);
    if (own.length === 0) return [];
    const isNeeded = own.some(({ required }) => required);
    const inner = own.map(
      ({ name, required, schema }) => `readonly ${nameText(name)}${required ? '' : '?'}: ${typeText(schema)};`,
    );
    return [`readonly ${place}${isNeeded ? '' : '?'}: { ${inner.join(' ')} };`];
  });
  const json = operation.requestBody?.content?.['application/json'];
  const types = Object.keys(operation.requestBody?.content ?? {});
  if (json !== undefined && types.length === 1)
    fields.push(`readonly body${operation.requestBody?.required ? '' : '?'}: ${typeText(json.schema)};`);
  else if (types.length > 0) fields.push(`readonly upload: Upload<${types.map((type) => `'${type}'`).join(' | ')}>;`);
  if (operation.parameters?.some(({ name }) => name === 'If-Match')) fields.push('readonly version: number;');
  return `/** ${operation.summary} */ { ${fields.join(' ')} readonly answer: ${answerText(operation)}; }`;
}

/** What is no JSON is handed over as it arrives. */
function answerText({ responses }: Operation): string {
  const [, done] = Object.entries(responses).find(([status]) => status.startsWith('2')) ?? [];
  if (done?.content === undefined) return 'undefined';
  const schema = done.content['application/json']?.schema;
  return schema === undefined ? 'Response' : typeText(schema);
}

const operations = Object.entries(description.paths).flatMap(([url, methods]) =>
  Object.entries(methods).map(([method, operation]) => {
    const name = `${method.toUpperCase()} ${url.replace('/api/v1', '')}`;
    return `  /** ${operation.summary} */\n  '${name}': ${operationText(operation).replace(/^\/\*\*.*?\*\/ /, '')};`;
  }),
);
const shapes = Object.entries(description.components.schemas).map(
  ([name, schema]) => `export type ${name} = ${typeText(schema)};\n`,
);
const text = `// What the API takes and gives. Generated from schema/openapi.json; do not edit.

/** A body that is read as it arrives. */
export interface Upload<T extends string> {
  readonly type: T;
  readonly content: string | Blob | Uint8Array<ArrayBuffer> | ReadableStream<Uint8Array<ArrayBuffer>>;
}

${shapes.join('\n')}
export interface Operations {
${operations.join('\n')}
}
`;
const biome = fileURLToPath(new URL('../node_modules/@biomejs/biome/bin/biome', import.meta.url));
const wanted = execFileSync(process.execPath, [biome, 'format', '--stdin-file-path', 'api-types.ts'], {
  input: text,
  encoding: 'utf8',
  maxBuffer: 1 << 26,
});

if (!process.argv.includes('--check')) writeFileSync(file, wanted);
else if (readFileSync(file, 'utf8') !== wanted) {
  process.stderr.write('src/client/api-types.ts is not what schema/openapi.json says; run: npm run openapi\n');
  process.exitCode = 1;
}
