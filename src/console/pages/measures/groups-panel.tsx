/** Discrepancies of the period by what they have in common: how old, how often resolved, how often they came back. Never adds groups up. */
import { useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { type Answer, ask } from '../../api/ask.ts';
import { formatCount, formatQuantity, formatShare } from '../../format/decimals.ts';
import { causeWords } from '../../parts/cause.tsx';
import { Defined, Money } from '../../parts/figures.tsx';
import { Loaded, Skeleton } from '../../parts/loaded.tsx';
import { Panel } from '../../parts/page.tsx';
import table from '../../parts/table.module.css';
import { texts } from '../../texts/texts.ts';
import { groupsCsv } from './groups-csv.ts';
import styles from './measures.module.css';

const words = texts.measures;
const WAYS = ['site', 'category', 'cause', 'interface'] as const;
type Way = (typeof WAYS)[number];
const AGES = ['0-1', '2-3', '4-7', '8-30', 'over-30'] as const;

type Groups = Answer<'GET /measures/groups'>;

export function GroupsPanel({ days }: { days: string }): ReactNode {
  const { by: asked, site = '' } = useSearch({ strict: false });
  const by = WAYS.find((way) => way === asked) ?? 'site';
  const query = useQuery(ask('GET /measures/groups', { query: { by, days: Number(days) } }));
  return (
    <Panel
      title={site === '' ? words.by.label : words.by.ofAll}
      isFlush
      actions={<Ways by={by} days={days} groups={query.data} />}
    >
      <Loaded query={query} skeleton={<Skeleton lines={5} height={20} />}>
        {(answer) => <GroupTable by={by} answer={answer} />}
      </Loaded>
    </Panel>
  );
}

function Ways({ by, days, groups }: { by: Way; days: string; groups: Groups | undefined }): ReactNode {
  const navigate = useNavigate();
  return (
    <div className={styles.actions}>
      <label className={styles.choice}>
        <span className="unseen">{words.by.label}</span>
        <select
          value={by}
          onChange={({ target: { value } }) =>
            void navigate({ to: '.', search: (before) => ({ ...before, by: value === 'site' ? undefined : value }) })
          }
        >
          {WAYS.map((way) => (
            <option key={way} value={way}>
              {words.by[way]}
            </option>
          ))}
        </select>
      </label>
      {groups !== undefined && (
        <button type="button" className={styles.export} onClick={() => save(groupsCsv(groups), words.file(by, days))}>
          {words.export}
        </button>
      )}
    </div>
  );
}

function save(text: string, name: string): void {
  const address = URL.createObjectURL(new Blob([text], { type: 'text/csv' }));
  const link = document.createElement('a');
  link.href = address;
  link.download = name;
  link.click();
  URL.revokeObjectURL(address);
}

function GroupTable({ by, answer: { groups, definitions, currency } }: { by: Way; answer: Groups }): ReactNode {
  const head = (name: string, field: string): ReactNode => (
    <th className="number">
      <Defined name={name} definition={definitions[field] ?? ''} />
    </th>
  );
  const { columns } = words;
  const hasShares = by === 'site' || by === 'category';
  return (
    <table className={table.table}>
      <thead>
        <tr>
          <th>{words.names[by]}</th>
          {head(columns.off, 'discrepancies')}
          {head(columns.gross, 'gross_variance_value')}
          {hasShares && head(columns.agree, 'sync_accuracy_keys')}
          {AGES.map((age) => (
            <th key={age} className="number">
              <Defined name={columns.ages[age]} definition={`${columns.ageing}: ${definitions['ageing'] ?? ''}`} />
            </th>
          ))}
          {head(columns.resolved, 'resolved')}
          {head(columns.cameBack, 'came_back')}
          {head(columns.recurrence, 'recurrence_share')}
          {head(columns.mean, 'days_to_resolve_mean')}
          {head(columns.median, 'days_to_resolve_median')}
        </tr>
      </thead>
      <tbody>
        {groups.map((group) => (
          <tr key={group.group}>
            <td className={styles.name}>{nameOf(by, group.group)}</td>
            <td className="number">{formatCount(group.discrepancies)}</td>
            <td className="number">
              <Money value={group.gross_variance_value} currency={currency} isWhole />
            </td>
            {hasShares && <td className="number">{formatShare(group.sync_accuracy_keys)}</td>}
            {AGES.map((age) => (
              <td key={age} className={group.ageing[age] === 0 ? 'number muted' : 'number'}>
                {formatCount(group.ageing[age])}
              </td>
            ))}
            <td className="number">{formatCount(group.resolved)}</td>
            <td className="number">{formatCount(group.came_back)}</td>
            <td className="number">{formatShare(group.recurrence_share) || words.unknown}</td>
            <td className="number">{formatQuantity(group.days_to_resolve_mean) || words.unknown}</td>
            <td className="number">{formatQuantity(group.days_to_resolve_median) || words.unknown}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function nameOf(by: Way, group: string): string {
  if (group === '') return words.unnamed;
  return by === 'cause' ? causeWords(group) : group;
}
