/** Which keys do what, and whether those of one letter do anything. */
import { Modal, Switch } from '@mantine/core';
import type { ReactNode } from 'react';
import { texts } from '../../texts/texts.ts';
import styles from './run.module.css';

const words = texts.run.keys;

export function KeysDialog({
  isOpen,
  hasKeys,
  onKeys,
  onClose,
}: {
  isOpen: boolean;
  hasKeys: boolean;
  onKeys: (hasKeys: boolean) => void;
  onClose: () => void;
}): ReactNode {
  return (
    <Modal opened={isOpen} onClose={onClose} title={words.title}>
      <dl className={styles.keys}>
        {words.rows.map(([key, does]) => (
          <div key={key}>
            <dt>
              <kbd>{key}</kbd>
            </dt>
            <dd>{does}</dd>
          </div>
        ))}
      </dl>
      <Switch
        label={words.single}
        description={words.singleHint}
        checked={hasKeys}
        onChange={({ target }) => onKeys(target.checked)}
      />
    </Modal>
  );
}
