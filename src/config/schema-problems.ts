/**
 * Decides how a finding of the schema is told to the person who wrote the file: what was found, what was expected and
 * which known name was perhaps meant. Never decides whether something is wrong.
 */
import type { z } from 'zod';
import { suggestion } from './nearest-name.ts';
import { type Path, type Place, type Places, placeKey } from './node-reading.ts';
import type { Problem } from './yaml-text.ts';

type Issue = z.core.$ZodIssue;

const TYPE_NAMES: Readonly<Record<string, string>> = {
  string: 'text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'keys with values',
  record: 'keys with values',
};

/** A path as a reader of the file would say it: `balances[0].as_of`. Indexes count from 0. */
function pathText(path: Path): string {
  return path.reduce<string>(
    (text, part) => (typeof part === 'number' ? `${text}[${part}]` : text === '' ? part : `${text}.${part}`),
    '',
  );
}

/** The problems that one finding of the schema stands for. */
export function problemsOf(issue: Issue, places: Places, base: Path = []): Problem[] {
  const path: Path = [...base, ...(issue.path as (string | number)[])];
  const place = places.get(placeKey(path));
  if (place?.failed) return [];
  if (place === undefined) return missing(path, places);
  if (issue.code === 'unrecognized_keys') return issue.keys.map((key) => unknownKey(key, path, place, places));
  if (issue.code === 'invalid_union') {
    const chosen = place.option === undefined ? undefined : issue.errors[place.option];
    if (chosen !== undefined) return chosen.flatMap((inner) => problemsOf(inner, places, path));
    return [expectation(path, place, place.expected)];
  }
  return [expectation(path, place, expectedBy(issue, place), suggestionFor(issue, place))];
}

function missing(path: Path, places: Places): Problem[] {
  const parent = places.get(placeKey(path.slice(0, -1)));
  if (parent === undefined) return [];
  const name = String(path.at(-1));
  const where = path.length > 1 ? ` in ${pathText(path.slice(0, -1))}` : '';
  return [
    {
      ...parent.keyPosition,
      message: `"${name}" is missing${where}; expected ${parent.known?.get(name) ?? 'a value'}`,
    },
  ];
}

function unknownKey(key: string, path: Path, place: Place, places: Places): Problem {
  const position = places.get(placeKey([...path, key]))?.keyPosition ?? place.position;
  const known = [...(place.known?.keys() ?? [])];
  const where = path.length > 0 ? ` in ${pathText(path)}` : '';
  return {
    ...position,
    message: `unknown key "${key}"${suggestion(key, known, `${where}; known are ${known.join(', ')}`)}`,
  };
}

function expectation(path: Path, place: Place, expected: string, hint = ''): Problem {
  const subject = path.length > 0 ? `${pathText(path)}: ` : '';
  return { ...place.position, message: `${subject}expected ${expected}, found ${place.found}${hint}` };
}

function expectedBy(issue: Issue, place: Place): string {
  switch (issue.code) {
    case 'invalid_type':
      // The schema names the type of the chosen option; where there is no choice, the place knows it more exactly.
      return place.expected.includes(' or ') ? (TYPE_NAMES[issue.expected] ?? place.expected) : place.expected;
    case 'invalid_value':
      return issue.values.length === 1 ? String(issue.values[0]) : `one of ${issue.values.join(', ')}`;
    case 'too_small':
      return bound(issue.origin, Number(issue.minimum), 'at least');
    case 'too_big':
      return bound(issue.origin, Number(issue.maximum), 'at most');
    case 'invalid_key':
      return 'a key that is not empty';
    default:
      return issue.message;
  }
}

function bound(origin: string, limit: number, which: 'at least' | 'at most'): string {
  if (origin === 'string')
    return which === 'at least' && limit === 1
      ? 'text that is not empty'
      : `text of ${which} ${limit} character${limit === 1 ? '' : 's'}`;
  if (origin === 'array') return `${which} ${limit} ${limit === 1 ? 'entry' : 'entries'}`;
  return `a number of ${which} ${limit}`;
}

function suggestionFor(issue: Issue, place: Place): string {
  if (
    issue.code !== 'invalid_value' ||
    issue.values.length === 1 ||
    !place.found.startsWith('"') ||
    place.secret !== undefined
  )
    return '';
  return suggestion(JSON.parse(place.found) as string, issue.values.map(String));
}
