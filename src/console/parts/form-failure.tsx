/** Why the server refused what a form holds, field by field. Never guesses a reason. */
import type { ReactNode } from 'react';
import { ApiError } from '../api/ask.ts';
import styles from './form-failure.module.css';
import { failureWords } from './loaded.tsx';

export function FormFailure({ error }: { error: Error | null }): ReactNode {
  if (error === null) return null;
  const { detail, action } = failureWords(error);
  const places = error instanceof ApiError ? error.errors : [];
  return (
    <div role="alert" className={styles.failure}>
      <p>{[detail, action].filter((part) => part !== undefined && part !== '').join(' ')}</p>
      {places.map(({ path, message }) => (
        <p key={path}>
          {path.replace(/^body\./, '')}: {message}
        </p>
      ))}
    </div>
  );
}
