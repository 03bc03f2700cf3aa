/** The two fields that say what somebody may: the role and the sites. Never checks them: the server does. */
import { MultiSelect, Select } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { ask } from '../../api/ask.ts';
import type { Role } from '../../api/session.ts';
import { texts } from '../../texts/texts.ts';

export interface Rights {
  readonly role: Role;
  /** null: all sites */
  readonly sites: readonly string[] | null;
}

const ROLES: readonly Role[] = ['viewer', 'analyst', 'approver', 'administrator'];

export function RightsFields({ rights, onChange }: { rights: Rights; onChange: (rights: Rights) => void }): ReactNode {
  const { data } = useQuery(ask('GET /runs/{id}/result', { path: { id: 'latest' } }));
  const known = (data?.by_site ?? []).map((each) => String(each['site']));
  const names = [...new Set([...known, ...(rights.sites ?? [])])];
  return (
    <>
      <Select
        label={texts.settings.roleLabel}
        allowDeselect={false}
        data={ROLES.map((role) => ({ value: role, label: texts.roles[role] }))}
        value={rights.role}
        description={texts.settings.roleHints[rights.role]}
        onChange={(role) => onChange({ ...rights, role: role as Role })}
      />
      <MultiSelect
        label={texts.settings.sites}
        description={names.length === 0 ? texts.settings.noSites : texts.settings.sitesHint}
        data={names}
        value={[...(rights.sites ?? [])]}
        onChange={(sites) => onChange({ ...rights, sites: sites.length === 0 ? null : sites })}
      />
    </>
  );
}

export function sitesWords(sites: readonly string[] | null): string {
  return sites === null ? texts.settings.allSites : sites.join(', ');
}
