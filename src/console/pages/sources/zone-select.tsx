/** A time zone, found by typing. Never guesses the reader's. */
import { Select } from '@mantine/core';
import type { ReactNode } from 'react';

interface ZoneSelectProps {
  readonly label: string;
  readonly description?: string;
  readonly error?: string | undefined;
  readonly isClearable?: boolean;
  readonly value: string;
  readonly onChange: (zone: string) => void;
}

/** UTC is not among those that browsers list. */
const ZONES = [...new Set(['Etc/UTC', ...Intl.supportedValuesOf('timeZone')])];
const SHOWN_MAX = 100;

export function ZoneSelect({
  label,
  description,
  error,
  isClearable = false,
  value,
  onChange,
}: ZoneSelectProps): ReactNode {
  return (
    <Select
      label={label}
      description={description}
      error={error}
      searchable
      clearable={isClearable}
      allowDeselect={isClearable}
      limit={SHOWN_MAX}
      data={value === '' || ZONES.includes(value) ? ZONES : [value, ...ZONES]}
      value={value === '' ? null : value}
      onChange={(zone) => onChange(zone ?? '')}
    />
  );
}
