/**
 * Decides how the configuration's schema looks to editors: `schema/evenstock.schema.json`, generated from the
 * validating schema. Never adds a rule of its own, but for one: an unquoted number is text where text is expected,
 * because the configuration is read that way. `--check` writes nothing and exits 1 where the file differs.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { z } from 'zod';
import { configurationSchema } from '../src/contract/configuration.ts';

const file = new URL('../schema/evenstock.schema.json', import.meta.url);

const generated = z.toJSONSchema(configurationSchema, {
  target: 'draft-2020-12',
  io: 'input',
  override({ jsonSchema, path }) {
    if (path.at(-1) === 'propertyNames') return;
    const freeText =
      jsonSchema.type === 'string' &&
      jsonSchema.enum === undefined &&
      jsonSchema.const === undefined &&
      jsonSchema.pattern === undefined;
    if (freeText) Object.assign(jsonSchema, { type: ['string', 'number', 'boolean'] });
  },
});
const schema = {
  $schema: generated.$schema,
  $id: 'evenstock.schema.json',
  title: 'Evenstock configuration, version 1',
  description: 'What may stand in evenstock.yaml. Generated; do not edit.',
  ...generated,
};
const wanted = `${JSON.stringify(schema, null, 2)}\n`;

if (!process.argv.includes('--check')) {
  writeFileSync(file, wanted);
} else if (!existsSync(file) || readFileSync(file, 'utf8') !== wanted) {
  process.stderr.write(
    'schema/evenstock.schema.json is not what src/contract/configuration.ts says; run: npx tsx scripts/write-schema.ts\n',
  );
  process.exitCode = 1;
}
