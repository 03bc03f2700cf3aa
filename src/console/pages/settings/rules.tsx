/** The rules in words: what is told to whom, and what is left out. Never decides what is news. */
import type { ReactNode } from 'react';
import { causeWords } from '../../parts/cause.tsx';
import table from '../../parts/table.module.css';
import { texts } from '../../texts/texts.ts';
import { type RuleWords, ruleWordsOf } from './rule-words.ts';
import styles from './settings.module.css';
import type { Channel, Rule } from './settings-answers.ts';

interface RulesProps {
  readonly rules: readonly Rule[];
  readonly channels: readonly Channel[];
  readonly onEdit: (rule: Rule) => void;
}

export function Rules({ rules, channels, onEdit }: RulesProps): ReactNode {
  const words = texts.settings.notifications;
  const nameOf = (id: string): string => channels.find((channel) => channel.id === id)?.name ?? id;
  return (
    <table className={table.table}>
      <thead>
        <tr>
          {[
            words.columns.name,
            words.columns.topics,
            words.columns.channels,
            words.columns.limits,
            words.columns.state,
          ].map((column) => (
            <th key={column} scope="col">
              {column}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rules.map((rule) => {
          const document = ruleWordsOf(rule.document);
          return (
            <tr key={rule.id} className={rule.is_enabled ? undefined : styles.off}>
              <td>
                <button type="button" className={styles.asButton} onClick={() => onEdit(rule)}>
                  {rule.name}
                </button>
              </td>
              <td>{document.topics.map((topic) => words.topics[topic] ?? topic).join(' · ')}</td>
              <td>{document.channels.map(nameOf).join(', ')}</td>
              <td>{limitsOf(document)}</td>
              <td>{rule.is_enabled ? words.on : words.off}</td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}

function limitsOf({ sites, causes, minValue, quietFrom, quietTo }: RuleWords): string {
  const words = texts.settings.notifications;
  const parts = [
    ...sites,
    ...causes.map(causeWords),
    ...(minValue === '' ? [] : [words.from_value(minValue)]),
    ...(quietFrom === '' ? [] : [words.quiet(quietFrom, quietTo)]),
  ];
  return parts.length === 0 ? words.any : parts.join(' · ');
}
