/** Which column of the file is what: known names on the left, columns of the file on the right. Never drops a needed one silently. */
import { Button, Select, TextInput } from '@mantine/core';
import { type ReactNode, useState } from 'react';
import { texts } from '../../texts/texts.ts';
import type { ReadingProps } from './source.ts';
import { mapColumn, namesOf } from './source-draft.ts';
import styles from './sources.module.css';

const ABSENT = '';
/** No header holds a line feed. */
const CONSTANT = '\n';

export function ColumnMapping({ preview, decided, onDecide }: ReadingProps): ReactNode {
  const words = texts.sources.wizard;
  const [isAll, setAll] = useState(false);
  const { known, required } = preview.canonical;
  const shown = { ...preview.settings, ...decided };
  const constants = namesOf(shown['constants']);
  const columns = columnsOf(preview, shown['columns'], decided['columns'] !== undefined);
  const isMapped = (name: string): boolean => columns[name] !== undefined || constants[name] !== undefined;
  const first = [...required, ...known.filter((name) => !required.includes(name) && isMapped(name))];
  const others = known.filter((name) => !first.includes(name));
  const missing = required.filter((name) => !isMapped(name));
  return (
    <section className={styles.form}>
      <h3>{words.mapping}</h3>
      <p className="muted small">{words.mappingHint}</p>
      {missing.length > 0 && (
        <p role="alert" className={styles.warning}>
          {words.missing(missing.join(', '))}
        </p>
      )}
      <table className={styles.mapping}>
        <tbody>
          {[...first, ...(isAll ? others : [])].map((name) => (
            <MappingRow
              key={name}
              name={name}
              isRequired={required.includes(name)}
              header={preview.header}
              column={columns[name]}
              constant={constants[name]}
              onMap={(to) => onDecide(mapColumn(decided, { ...shown, columns }, name, to))}
            />
          ))}
        </tbody>
      </table>
      {others.length > 0 && (
        <div>
          <Button variant="default" onClick={() => setAll(!isAll)}>
            {isAll ? words.fewer : words.more(others.length)}
          </Button>
        </div>
      )}
    </section>
  );
}

/** Also those that are known by their own name, which no setting names. */
function columnsOf(preview: ReadingProps['preview'], said: unknown, isDecided: boolean): Record<string, string> {
  const found = preview.columns.filter(({ canonical, column }) => !isDecided || canonical === column.toLowerCase());
  return { ...Object.fromEntries(found.map(({ canonical, column }) => [canonical, column])), ...namesOf(said) };
}

interface MappingRowProps {
  readonly name: string;
  readonly isRequired: boolean;
  readonly header: readonly string[];
  readonly column: string | undefined;
  readonly constant: string | undefined;
  readonly onMap: (to: { column?: string; constant?: string }) => void;
}

function MappingRow({ name, isRequired, header, column, constant, onMap }: MappingRowProps): ReactNode {
  const words = texts.sources.wizard;
  const names = [...new Set([...header, ...(column === undefined ? [] : [column])])].filter((each) => each !== '');
  const take = (chosen: string | null): void => {
    if (chosen === CONSTANT) onMap({ constant: '' });
    else onMap(chosen === null || chosen === ABSENT ? {} : { column: chosen });
  };
  return (
    <tr>
      <th scope="row">
        {name}
        {isRequired && <span className={styles.sub}>{words.required}</span>}
      </th>
      <td>
        <Select
          aria-label={words.columnLabel(name)}
          allowDeselect={false}
          searchable
          data={[
            { value: ABSENT, label: words.absent },
            ...names.map((each) => ({ value: each, label: each })),
            { value: CONSTANT, label: words.constant },
          ]}
          value={constant === undefined ? (column ?? ABSENT) : CONSTANT}
          onChange={take}
        />
        {constant !== undefined && (
          <TextInput
            aria-label={words.constantLabel(name)}
            value={constant}
            onChange={({ target }) => onMap({ constant: target.value })}
          />
        )}
      </td>
    </tr>
  );
}
