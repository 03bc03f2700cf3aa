/** How filters and groups are called. Decides words alone; never which of them there are. */
import { causeWords } from '../../parts/cause.tsx';
import { texts } from '../../texts/texts.ts';
import type { FilterName, GroupName } from './run-view.ts';

/** How lines are asked for that have none: the API's word. */
export const NONE = 'none';

const words = texts.run;

export function filterName(name: FilterName): string {
  return words.filters[name];
}

/** A value of a filter as people say it. */
export function filterWords(name: FilterName, value: string): string {
  switch (name) {
    case 'cause':
      return causeWords(value);
    case 'age':
      return value === NONE ? words.filters.noAge : words.filters.days(value);
    case 'direction':
      return (words.filters.directions as Record<string, string>)[value] ?? value;
    case 'priority':
      return value === NONE ? words.filters.noPriority : value;
    case 'finding':
      return value === NONE ? words.filters.noFinding : value;
    case 'change':
      return (words.changes as unknown as Record<string, string>)[value] ?? value;
    default:
      return value;
  }
}

/** A group's name: '' is the group of those that have none. */
export function groupWords(name: GroupName | 'age' | 'priority' | 'direction', group: string): string {
  return filterWords(name, group === '' ? NONE : group);
}
