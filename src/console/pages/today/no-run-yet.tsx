/** What stands before the first run: the two ways to it. */
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useMay } from '../../api/session.ts';
import { Notice } from '../../parts/loaded.tsx';
import { texts } from '../../texts/texts.ts';
import { RunNow } from './run-now.tsx';
import styles from './today.module.css';

const { title, lead, ways } = texts.today.empty;

export function NoRunYet(): ReactNode {
  const mayRun = useMay('analyst');
  return (
    <Notice title={title}>
      <p>{lead}</p>
      <ol className={styles.ways}>
        <li>
          {ways.sources} <Link to="/sources">{ways.sourcesLink}</Link>.
        </li>
        <li>
          {mayRun ? ways.now : ways.nowForOthers} {mayRun && <RunNow isMain />}
        </li>
      </ol>
    </Notice>
  );
}
