/** The fields that say how a file is written. Never shows one that the format does not have. */
import { Checkbox, MultiSelect, NumberInput, Select, TextInput } from '@mantine/core';
import type { ReactNode } from 'react';
import { texts } from '../../texts/texts.ts';
import type { ReadingProps } from './source.ts';
import { decide } from './source-draft.ts';
import styles from './sources.module.css';
import { ZoneSelect } from './zone-select.tsx';

const FORMATS = ['csv', 'tsv', 'xlsx', 'parquet', 'json', 'jsonl'];
const ENCODINGS = ['utf-8', 'windows-1252', 'iso-8859-1', 'iso-8859-15', 'utf-16le', 'cp437', 'cp850'];
const THOUSANDS = ['.', ',', ' ', "'", '_'];

export function ReadingFields({ preview, decided, onDecide }: ReadingProps): ReactNode {
  const words = texts.sources.wizard;
  const shown = { ...preview.settings, ...decided };
  const set = (name: string, value: unknown): void => onDecide(decide(decided, preview.settings, name, value));
  const format = String(shown['format'] ?? 'csv');
  const isText = format === 'csv' || format === 'tsv';
  const question = preview.questions.find(({ setting }) => setting === 'time_zone')?.question;
  return (
    <div className={styles.fields}>
      <Select
        label={words.format}
        allowDeselect={false}
        data={FORMATS}
        value={format}
        onChange={(value) => set('format', value)}
      />
      {isText && <TextFields shown={shown} set={set} />}
      {format === 'xlsx' && (
        <TextInput
          label={words.sheet}
          value={String(shown['sheet'] ?? '')}
          onChange={({ target }) => set('sheet', target.value || undefined)}
        />
      )}
      {format !== 'parquet' && <NumberFields shown={shown} set={set} />}
      <TextInput
        label={words.timeFormat}
        title={words.timeFormatHint}
        placeholder="ISO 8601"
        value={String(shown['time_format'] ?? '')}
        onChange={({ target }) => set('time_format', target.value || undefined)}
      />
      <ZoneSelect
        label={words.timeZone}
        isClearable
        error={question}
        value={String(shown['time_zone'] ?? '')}
        onChange={(zone) => set('time_zone', zone || undefined)}
      />
    </div>
  );
}

interface FieldsProps {
  readonly shown: Readonly<Record<string, unknown>>;
  readonly set: (name: string, value: unknown) => void;
}

function TextFields({ shown, set }: FieldsProps): ReactNode {
  const words = texts.sources.wizard;
  const isTabbed = shown['format'] === 'tsv';
  const encoding = String(shown['encoding'] ?? 'utf-8');
  return (
    <>
      {!isTabbed && (
        <Select
          label={words.delimiter}
          allowDeselect={false}
          data={Object.entries(words.delimiters).map(([value, label]) => ({ value, label }))}
          value={String(shown['delimiter'] ?? ',')}
          onChange={(value) => set('delimiter', value)}
        />
      )}
      <Select
        label={words.encoding}
        allowDeselect={false}
        data={[...new Set([encoding, ...ENCODINGS])]}
        value={encoding}
        onChange={(value) => set('encoding', value)}
      />
      <NumberInput
        label={words.skip}
        min={0}
        max={1_000}
        value={Number(shown['skip_rows'] ?? 0)}
        onChange={(value) => set('skip_rows', Number(value))}
      />
      <Checkbox
        label={words.header}
        checked={shown['header'] !== false}
        onChange={({ target }) => set('header', target.checked)}
      />
    </>
  );
}

function NumberFields({ shown, set }: FieldsProps): ReactNode {
  const words = texts.sources.wizard;
  const decimal = String(shown['decimal'] ?? '.');
  const signs = (each: string): { value: string; label: string } => ({ value: each, label: words.signs[each] ?? each });
  return (
    <>
      <Select
        label={words.decimal}
        allowDeselect={false}
        data={['.', ','].map(signs)}
        value={decimal}
        onChange={(value) => set('decimal', value)}
      />
      <Select
        label={words.thousands}
        allowDeselect={false}
        data={[{ value: 'none', label: words.noSign }, ...THOUSANDS.filter((each) => each !== decimal).map(signs)]}
        value={String(shown['thousands'] ?? 'none')}
        onChange={(value) => set('thousands', value === 'none' ? undefined : value)}
      />
      <MultiSelect
        label={words.negative}
        data={Object.entries(words.negatives).map(([value, label]) => ({ value, label }))}
        value={[...((shown['negative'] as string[] | undefined) ?? [])]}
        onChange={(value) => set('negative', value.length === 0 ? undefined : value)}
      />
    </>
  );
}
