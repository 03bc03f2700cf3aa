/** Says a JSON Schema as a TypeScript type. Knows what zod writes, no more, and says so where it meets something else. */

export interface JsonSchema {
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly anyOf?: readonly JsonSchema[];
  readonly oneOf?: readonly JsonSchema[];
  readonly allOf?: readonly JsonSchema[];
  readonly items?: JsonSchema;
  readonly prefixItems?: readonly JsonSchema[];
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: boolean | JsonSchema;
  readonly description?: string;
}

export function typeText(schema: JsonSchema): string {
  if (schema.$ref !== undefined) return schema.$ref.split('/').at(-1) as string;
  if (schema.const !== undefined) return JSON.stringify(schema.const);
  if (schema.enum !== undefined) return union(schema.enum.map((value) => JSON.stringify(value)));
  const parts = schema.anyOf ?? schema.oneOf;
  if (parts !== undefined) return union(parts.map(typeText));
  if (schema.allOf !== undefined) return schema.allOf.map((part) => `(${typeText(part)})`).join(' & ');
  if (Array.isArray(schema.type)) return union(schema.type.map((type) => typeText({ ...schema, type })));
  return plainText(schema);
}

function plainText({ type, items, prefixItems, ...object }: JsonSchema): string {
  if (type === undefined) return 'unknown';
  if (type === 'string' || type === 'boolean' || type === 'null') return type;
  if (type === 'number' || type === 'integer') return 'number';
  if (type === 'array') {
    if (prefixItems !== undefined) return `readonly [${prefixItems.map(typeText).join(', ')}]`;
    return `readonly (${typeText(items ?? {})})[]`;
  }
  if (type === 'object') return objectText(object);
  throw new Error(`no type for ${JSON.stringify(type)}`);
}

function objectText({ properties = {}, required = [], additionalProperties }: JsonSchema): string {
  const fields = Object.entries(properties).map(([name, part]) => {
    const comment = part.description === undefined ? '' : `/** ${part.description.replaceAll('*/', '* /')} */\n`;
    return `${comment}readonly ${nameText(name)}${required.includes(name) ? '' : '?'}: ${typeText(part)};`;
  });
  const others =
    typeof additionalProperties === 'object' && Object.keys(additionalProperties).length > 0
      ? typeText(additionalProperties)
      : 'unknown';
  if (fields.length === 0)
    return additionalProperties === false ? 'Record<string, never>' : `Readonly<Record<string, ${others}>>`;
  return `{\n${fields.join('\n')}${additionalProperties === false ? '' : ' readonly [name: string]: unknown;'}\n}`;
}

export function nameText(name: string): string {
  return /^[A-Za-z_$][\w$]*$/.test(name) ? name : JSON.stringify(name);
}

function union(parts: readonly string[]): string {
  return [...new Set(parts)].join(' | ');
}
