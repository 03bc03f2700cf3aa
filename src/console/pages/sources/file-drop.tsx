/** Takes a file from the reader, chosen or dropped. Never looks into it. */
import { Button, FileButton } from '@mantine/core';
import { type ReactNode, useState } from 'react';
import { Icon } from '../../parts/icon.tsx';
import { texts } from '../../texts/texts.ts';
import styles from './sources.module.css';

interface FileDropProps {
  /** Chosen already: said beside the button. */
  readonly chosen?: File | undefined;
  readonly isBusy?: boolean;
  readonly onFile: (file: File) => void;
}

export function FileDrop({ chosen, isBusy = false, onFile }: FileDropProps): ReactNode {
  const words = texts.sources.drop;
  const [isOver, setOver] = useState(false);
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the button within does the same for those without a mouse
    <div
      className={styles.drop}
      data-over={isOver}
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={(event) => {
        event.preventDefault();
        setOver(false);
        const [file] = event.dataTransfer.files;
        if (file !== undefined && !isBusy) onFile(file);
      }}
    >
      <FileButton onChange={(file) => file !== null && onFile(file)} disabled={isBusy}>
        {(props) => (
          <Button
            {...props}
            variant={chosen === undefined ? 'filled' : 'default'}
            loading={isBusy}
            leftSection={<Icon name="upload" />}
          >
            {chosen === undefined ? words.choose : words.other}
          </Button>
        )}
      </FileButton>
      <span className={chosen === undefined ? 'muted' : undefined}>
        {chosen === undefined ? words.hint : words.chosen(chosen.name, texts.sources.checked.bytes(chosen.size))}
      </span>
    </div>
  );
}
