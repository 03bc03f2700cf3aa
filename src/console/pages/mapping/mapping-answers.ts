/** What the server says of the mapping, by short names. Never computes anything. */
import type { Answer } from '../../api/ask.ts';

export type Matrix = Answer<'GET /mappings/matrix'>;
export type MappingVersion = Answer<'GET /mappings/current'>;
