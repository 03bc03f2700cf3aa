/** All that the console says, in one catalogue: another language is another folder beside en. Never a text that stands in a page. */
import { everywhere } from './en/everywhere.ts';
import { findings } from './en/findings.ts';
import { interfaces } from './en/interfaces.ts';
import { item } from './en/item.ts';
import { mapping } from './en/mapping.ts';
import { measures } from './en/measures.ts';
import { run } from './en/run.ts';
import { runs } from './en/runs.ts';
import { settings } from './en/settings.ts';
import { signIn } from './en/sign-in.ts';
import { sourceRow } from './en/source-row.ts';
import { sources } from './en/sources.ts';
import { today } from './en/today.ts';

export const texts = {
  ...everywhere,
  signIn,
  today,
  run,
  runs,
  item,
  findings,
  interfaces,
  mapping,
  sources,
  sourceRow,
  measures,
  settings,
};
