/** A cause in words with how sure it is. Never decides either: the words are those of the report. */
import type { ReactNode } from 'react';
import { causeWords, confidenceWords } from '../../report/cause-wording.ts';
import styles from './cause.module.css';

export { causeWords } from '../../report/cause-wording.ts';

/** `confidence`: 0 to 1, '' where nothing is explained. The dot is full for what is certain, a ring for what is not known. */
export function Cause({ code, confidence = '' }: { code: string; confidence?: string }): ReactNode {
  const words = confidence === '' ? '' : confidenceWords(confidence);
  return (
    <span className={styles.cause} title={words === '' ? undefined : `${causeWords(code)}: ${words} (${confidence})`}>
      <span className={styles.dot} aria-hidden="true" data-level={levelOf(confidence)} />
      <span className={styles.words}>{causeWords(code)}</span>
      {words !== '' && <span className="unseen">, {words}</span>}
    </span>
  );
}

function levelOf(confidence: string): 'sure' | 'likely' | 'unsure' | 'none' {
  if (confidence === '') return 'none';
  const share = Number(confidence);
  return share >= 0.95 ? 'sure' : share >= 0.65 ? 'likely' : 'unsure';
}
