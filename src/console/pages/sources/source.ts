/** What the parts of this page hand to each other: sources, files and previews as the API answers them. Never draws one. */
import type { Answer } from '../../api/ask.ts';
import type { Settings } from './source-draft.ts';

export type Source = Answer<'GET /sources'>['items'][number];
export type Import = Answer<'GET /imports/{id}'>;
export type Preview = Answer<'POST /sources/preview'>;

/** What a sample may hold. */
export const KINDS = [
  ...(['balances', 'movements', 'messages'] as const),
  ...(['items', 'packs', 'aliases', 'sites', 'demand', 'promotions'] as const),
] as const;
export type Kind = (typeof KINDS)[number];

export interface ReadingProps {
  readonly preview: Preview;
  readonly decided: Settings;
  readonly onDecide: (decided: Settings) => void;
}
