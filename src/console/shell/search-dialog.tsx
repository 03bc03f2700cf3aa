/** Finds items that are out of sync and pages by a few letters, from anywhere. Never changes anything. */
import { Modal, TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { type KeyboardEvent, type ReactNode, useState } from 'react';
import { type Answer, ask } from '../api/ask.ts';
import { Variance } from '../parts/figures.tsx';
import { texts } from '../texts/texts.ts';
import styles from './search-dialog.module.css';
import { PAGES } from './site-pages.ts';

type Line = Answer<'GET /runs/{id}/discrepancies'>['items'][number];
interface Hit {
  readonly key: string;
  readonly words: ReactNode;
  readonly open: () => void;
}

const HITS_MAX = 8;
const TYPED_MS = 120;

export function SearchDialog({ isOpen, onClose }: { isOpen: boolean; onClose: () => void }): ReactNode {
  return (
    <Modal opened={isOpen} onClose={onClose} title={texts.search.title} size="lg" yOffset="10vh" centered={false}>
      {isOpen && <SearchBox onClose={onClose} />}
    </Modal>
  );
}

function SearchBox({ onClose }: { onClose: () => void }): ReactNode {
  const [typed, setTyped] = useState('');
  const [chosen, setChosen] = useState(0);
  const { hits, openTyped } = useHits(typed.trim(), onClose);
  const onKey = (event: KeyboardEvent): void => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step !== undefined) {
      event.preventDefault();
      setChosen((chosen + step + hits.length) % Math.max(hits.length, 1));
    } else if (event.key === 'Enter') (hits[chosen]?.open ?? openTyped)();
  };
  return (
    <>
      <TextInput
        data-autofocus
        size="md"
        value={typed}
        aria-label={texts.search.placeholder}
        placeholder={texts.search.placeholder}
        role="combobox"
        aria-expanded={hits.length > 0}
        aria-controls="search-hits"
        aria-activedescendant={hits[chosen] && `hit-${hits[chosen].key}`}
        onChange={({ target }) => {
          setTyped(target.value);
          setChosen(0);
        }}
        onKeyDown={onKey}
      />
      <div id="search-hits" role="listbox" aria-label={texts.search.title} className={styles.hits}>
        {hits.map(({ key, words, open }, index) => (
          // biome-ignore lint/a11y/useKeyWithClickEvents: keys go to the field, which names the chosen hit
          <div
            key={key}
            id={`hit-${key}`}
            role="option"
            tabIndex={-1}
            aria-selected={index === chosen}
            className={styles.hit}
            onClick={open}
          >
            {words}
          </div>
        ))}
      </div>
      {hits.length === 0 && typed.trim() !== '' && <p className="muted">{texts.search.nothing}</p>}
    </>
  );
}

function useHits(typed: string, onClose: () => void): { hits: readonly Hit[]; openTyped: () => void } {
  const navigate = useNavigate();
  const [text] = useDebouncedValue(typed, TYPED_MS);
  const asked = { path: { id: 'latest' }, query: { text, limit: HITS_MAX } } as const;
  const { data } = useQuery({
    ...ask('GET /runs/{id}/discrepancies', asked),
    enabled: text !== '',
  });
  const openItem = (item: string, site?: string): void => {
    onClose();
    void navigate({ to: '/items/$item', params: { item }, search: site === undefined ? {} : { site } });
  };
  const pages = PAGES.filter(({ name }) => texts.nav[name].toLowerCase().includes(typed.toLowerCase())).map(
    ({ to, name }): Hit => ({
      key: name,
      words: texts.nav[name],
      open: () => {
        onClose();
        void navigate({ to });
      },
    }),
  );
  const lines =
    typed === '' ? [] : (data?.items ?? []).map((line) => hitOf(line, () => openItem(line.item, line.site)));
  return { hits: [...lines, ...pages], openTyped: () => typed !== '' && openItem(typed) };
}

function hitOf(line: Line, open: () => void): Hit {
  const { site, item, owner, lot, category, description, net_variance_quantity: net } = line;
  return {
    key: JSON.stringify([site, item, owner, lot, category]).replaceAll(/[^\w]/g, '-'),
    words: (
      <>
        <span className={styles.code}>{item}</span>
        <span className={styles.description}>{description}</span>
        <span className="muted small">{[site, lot, category].filter((part) => part !== '').join(' · ')}</span>
        <Variance quantity={net} />
      </>
    ),
    open,
  };
}
