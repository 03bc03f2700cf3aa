/** Who may sign in. Never shows or sets more than the server allows an administrator. */
import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { ask } from '../../api/ask.ts';
import { useSession } from '../../api/session.ts';
import { Moment } from '../../parts/figures.tsx';
import { Icon } from '../../parts/icon.tsx';
import { Loaded } from '../../parts/loaded.tsx';
import { Panel } from '../../parts/page.tsx';
import table from '../../parts/table.module.css';
import { texts } from '../../texts/texts.ts';
import { PersonForm } from './person-form.tsx';
import { sitesWords } from './rights-fields.tsx';
import styles from './settings.module.css';
import type { Person } from './settings-answers.ts';

const PEOPLE_MAX = 1_000;

export function PeopleTab(): ReactNode {
  const words = texts.settings.people;
  const query = useQuery(ask('GET /users', { query: { limit: PEOPLE_MAX } }));
  const [edited, setEdited] = useState<Person | 'new'>();
  return (
    <>
      <div className={styles.head}>
        <p>{words.lead}</p>
        <Button leftSection={<Icon name="add" />} onClick={() => setEdited('new')}>
          {words.add}
        </Button>
      </div>
      <Panel isFlush>
        <Loaded query={query}>{({ items }) => <PeopleTable people={items} onEdit={setEdited} />}</Loaded>
      </Panel>
      {edited !== undefined && (
        <PersonForm person={edited === 'new' ? undefined : edited} onClose={() => setEdited(undefined)} />
      )}
    </>
  );
}

function PeopleTable({ people, onEdit }: { people: readonly Person[]; onEdit: (person: Person) => void }): ReactNode {
  const { columns, active, disabled, you } = texts.settings.people;
  const { person: self } = useSession();
  return (
    <table className={table.table}>
      <thead>
        <tr>
          {Object.values(columns).map((column) => (
            <th key={column} scope="col">
              {column}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {people.map((person) => (
          <tr key={person.id} className={person.is_enabled ? undefined : styles.off}>
            <td>
              <button type="button" className={styles.asButton} onClick={() => onEdit(person)}>
                {person.name}
              </button>
              {person.id === self?.id && <span className="muted"> · {you}</span>}
            </td>
            <td>{person.login}</td>
            <td>{texts.roles[person.role]}</td>
            <td>{sitesWords(person.sites)}</td>
            <td>{person.is_enabled ? active : disabled}</td>
            <td>
              <Moment at={person.created_at} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
