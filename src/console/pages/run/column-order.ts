/** Decides where a column comes to stand when it is moved, shown or hidden. Never knows what a column shows. */

/** The column in the place of `onto`; those between close up. As it was where one of the two is not shown. */
export function movedTo<T>(shown: readonly T[], name: T, onto: T): readonly T[] {
  const to = shown.indexOf(onto);
  if (to < 0 || !shown.includes(name) || name === onto) return shown;
  const others = shown.filter((each) => each !== name);
  return [...others.slice(0, to), name, ...others.slice(to)];
}

/** One place forwards or back; as it was at the end. */
export function movedBy<T>(shown: readonly T[], name: T, step: -1 | 1): readonly T[] {
  const onto = shown[shown.indexOf(name) + step];
  return onto === undefined || !shown.includes(name) ? shown : movedTo(shown, name, onto);
}

/** Hidden where it is shown; else shown after the one that it usually follows, wherever that stands now. */
export function turned<T>(shown: readonly T[], name: T, usual: readonly T[]): readonly T[] {
  if (shown.includes(name)) return shown.filter((each) => each !== name);
  const before = usual.slice(0, usual.indexOf(name)).filter((each) => shown.includes(each));
  const at = shown.indexOf(before.at(-1) as T) + 1;
  return [...shown.slice(0, at), name, ...shown.slice(at)];
}

/** Those columns in the order that was chosen; what was not chosen comes last. */
export function inOrder<T>(some: readonly T[], chosen: readonly T[]): readonly T[] {
  const place = (name: T): number => (chosen.includes(name) ? chosen.indexOf(name) : chosen.length);
  return [...some].sort((a, b) => place(a) - place(b));
}

/** What was kept, without what is no column any more and without repeats; undefined where nothing is left of it. */
export function readOrder<T>(kept: unknown, known: readonly T[], always: T): readonly T[] | undefined {
  if (!Array.isArray(kept)) return undefined;
  const names = [...new Set(kept)].flatMap((each) => known.filter((name) => name === each));
  if (names.length === 0) return undefined;
  return names.includes(always) ? names : [always, ...names];
}
