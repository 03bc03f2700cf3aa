/** Adds an empty column to the draft. Never one whose name is taken. */
import { Button, Popover, TextInput } from '@mantine/core';
import { type FormEvent, type ReactNode, useState } from 'react';
import { Icon } from '../../parts/icon.tsx';
import { texts } from '../../texts/texts.ts';
import styles from './mapping.module.css';

export function AddCategory({ taken, onAdd }: { taken: readonly string[]; onAdd: (name: string) => void }): ReactNode {
  const [name, setName] = useState('');
  const [isOpen, setOpen] = useState(false);
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    onAdd(name.trim());
    setName('');
    setOpen(false);
  };
  return (
    <Popover opened={isOpen} onChange={setOpen} trapFocus position="bottom-end">
      <Popover.Target>
        <Button variant="default" leftSection={<Icon name="add" />} onClick={() => setOpen(!isOpen)}>
          {texts.mapping.addCategory}
        </Button>
      </Popover.Target>
      <Popover.Dropdown aria-label={texts.mapping.addCategory}>
        <form className={styles.addForm} onSubmit={submit}>
          <TextInput
            label={texts.mapping.categoryName}
            data-autofocus
            required
            value={name}
            onChange={({ target }) => setName(target.value)}
          />
          <Button type="submit" disabled={name.trim() === '' || taken.includes(name.trim())}>
            {texts.mapping.add}
          </Button>
        </form>
      </Popover.Dropdown>
    </Popover>
  );
}
