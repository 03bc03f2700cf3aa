/** What the server says of people, channels and rules, by short names. Never computes anything. */
import type { Answer } from '../../api/ask.ts';

export type Person = Answer<'GET /users'>['items'][number];
export type Channel = Answer<'GET /notifications/channels'>['items'][number];
export type Rule = Answer<'GET /notifications/rules'>['items'][number];
