/** The form that all pages before the sign-in share. Never decides who may come in. */
import type { FormEvent, ReactNode } from 'react';
import { texts } from '../../texts/texts.ts';
import styles from './door.module.css';

interface DoorProps {
  readonly title: string;
  readonly lead?: string;
  readonly failure?: string | undefined;
  readonly onSubmit?: (event: FormEvent) => void;
  readonly children: ReactNode;
}

export function Door({ title, lead, failure, onSubmit, children }: DoorProps): ReactNode {
  return (
    <main className={styles.room}>
      <title>{`${title} · ${texts.product}`}</title>
      <form className={styles.door} onSubmit={onSubmit}>
        <p className={styles.brand}>
          <img src="/icon.svg" alt="" width={24} height={24} /> {texts.product}
        </p>
        <h1>{title}</h1>
        {lead !== undefined && <p className="muted">{lead}</p>}
        {failure !== undefined && (
          <p role="alert" className={styles.failure}>
            {failure}
          </p>
        )}
        {children}
      </form>
    </main>
  );
}
