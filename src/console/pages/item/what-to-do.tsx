/** What to do at a place, first things first, and the way to take it along: as text, on paper. Never does it. */
import { Button, CopyButton } from '@mantine/core';
import { type ReactNode, useState } from 'react';
import type { ItemPlace } from '../../../contract/item-view.ts';
import { formatCount } from '../../format/decimals.ts';
import { texts } from '../../texts/texts.ts';
import type { ShownItem } from './item-queries.ts';
import { placeAsText } from './place-as-text.ts';
import styles from './standing.module.css';

/** The first ones are enough for the first look. */
const SHOWN_MAX = 3;

export function WhatToDo({ view, place }: { view: ShownItem; place: ItemPlace }): ReactNode {
  const words = texts.item.actions;
  const [isAll, setAll] = useState(false);
  const { actions } = place;
  const shown = isAll ? actions : actions.slice(0, SHOWN_MAX);
  const rest = actions.length - shown.length;
  return (
    <section className={styles.todo} aria-labelledby="what-to-do">
      <header className={styles.todoHead}>
        <h2 id="what-to-do">{words.title}</h2>
        <CopyButton value={placeAsText(view, place)}>
          {({ copied, copy }) => (
            <Button variant="default" size="compact-xs" onClick={copy} className={styles.tool}>
              {copied ? words.copied : words.copy}
            </Button>
          )}
        </CopyButton>
        <Button variant="default" size="compact-xs" onClick={() => window.print()} className={styles.tool}>
          {words.print}
        </Button>
      </header>
      {actions.length === 0 && <p>{words.unset}</p>}
      <ol className={styles.steps}>
        {shown.map((action) => (
          <li key={action}>{action}</li>
        ))}
      </ol>
      {rest > 0 && (
        <Button variant="subtle" size="compact-xs" className={styles.tool} onClick={() => setAll(true)}>
          {words.more(formatCount(rest))}
        </Button>
      )}
    </section>
  );
}
