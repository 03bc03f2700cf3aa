/**
 * Hears the keys of the list on the whole page. Decides what each means; never takes one from somebody who types, and none of
 * one letter where the person turned them off.
 */
import { useEffect, useRef } from 'react';

export interface ListKeys {
  readonly move: (step: number) => void;
  readonly page: (direction: -1 | 1) => void;
  readonly edge: (side: 'first' | 'last') => void;
  readonly open: () => void;
  readonly openFull: () => void;
  readonly select: (isRange: boolean) => void;
  readonly exportSeen: () => void;
  readonly find: () => void;
  readonly explain: () => void;
  readonly close: () => void;
}

/** Keys of one letter: heard everywhere. */
const LETTERS: Readonly<Record<string, (keys: ListKeys) => void>> = {
  j: (keys) => keys.move(1),
  k: (keys) => keys.move(-1),
  o: (keys) => keys.openFull(),
  x: (keys) => keys.select(false),
  X: (keys) => keys.select(true),
  e: (keys) => keys.exportSeen(),
  '/': (keys) => keys.find(),
  '?': (keys) => keys.explain(),
};

/** Keys with names: heard where the list is focused, or nothing is. */
const NAMED: Readonly<Record<string, (keys: ListKeys) => void>> = {
  ArrowDown: (keys) => keys.move(1),
  ArrowUp: (keys) => keys.move(-1),
  PageDown: (keys) => keys.page(1),
  PageUp: (keys) => keys.page(-1),
  Home: (keys) => keys.edge('first'),
  End: (keys) => keys.edge('last'),
  Enter: (keys) => keys.open(),
  ' ': (keys) => keys.select(false),
};

export function useListKeys(keys: ListKeys, hasLetters: boolean): void {
  const now = useRef(keys);
  useEffect(() => {
    now.current = keys;
  });
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      const { key, ctrlKey, metaKey, altKey, defaultPrevented } = event;
      if (defaultPrevented || ctrlKey || metaKey || altKey || isTaken(document.activeElement)) return;
      const action =
        (hasLetters ? LETTERS[key] : undefined) ??
        (isListFocused(document.activeElement) ? NAMED[key] : undefined) ??
        (key === 'Escape' ? (all: ListKeys) => all.close() : undefined);
      if (action === undefined) return;
      event.preventDefault();
      action(now.current);
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, [hasLetters]);
}

/** Whoever types, or has something open over the page, means that. */
function isTaken(element: Element | null): boolean {
  return element?.closest('input, textarea, select, [contenteditable], [role=dialog], [role=menu]') != null;
}

function isListFocused(element: Element | null): boolean {
  return element === null || element === document.body || /^(tree)?grid$/.test(element.getAttribute('role') ?? '');
}
