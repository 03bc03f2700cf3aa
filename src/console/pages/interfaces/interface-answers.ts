/** What the server says of interfaces and messages, by short names. Never computes anything. */
import type { Answer } from '../../api/ask.ts';

export type Interfaces = Answer<'GET /interfaces'>;
export type Interface = Interfaces['items'][number];
export type RunMessage = Answer<'GET /runs/{id}/messages'>['items'][number];
