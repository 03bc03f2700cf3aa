/** Settings: one tab each for people, keys, notifications, the audit trail and oneself. Never offers what the role may not do. */
import { Tabs } from '@mantine/core';
import { useNavigate, useSearch } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useMay } from '../../api/session.ts';
import { Page } from '../../parts/page.tsx';
import { texts } from '../../texts/texts.ts';
import { AccountTab } from './account-tab.tsx';
import { AuditTab } from './audit-tab.tsx';
import { KeysTab } from './keys-tab.tsx';
import { NotificationsTab } from './notifications-tab.tsx';
import { PeopleTab } from './people-tab.tsx';

const TABS = {
  people: PeopleTab,
  keys: KeysTab,
  notifications: NotificationsTab,
  audit: AuditTab,
  account: AccountTab,
} as const;
type TabName = keyof typeof TABS;

export function SettingsPage(): ReactNode {
  const isAdministrator = useMay('administrator');
  const navigate = useNavigate();
  const { tab } = useSearch({ strict: false });
  const names: readonly TabName[] = isAdministrator
    ? ['people', 'keys', 'notifications', 'audit', 'account']
    : ['account'];
  const chosen = names.find((name) => name === tab) ?? (names[0] as TabName);
  const Tab = TABS[chosen];
  return (
    <Page title={texts.settings.title} lead={isAdministrator ? undefined : texts.settings.onlyAdministrators}>
      <Tabs
        value={chosen}
        onChange={(name) =>
          void navigate({ to: '.', search: (before) => ({ site: before.site, tab: name ?? undefined }) })
        }
        keepMounted={false}
      >
        <Tabs.List>
          {names.map((name) => (
            <Tabs.Tab key={name} value={name}>
              {texts.settings.tabs[name]}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        <Tabs.Panel value={chosen} pt={16}>
          <Tab />
        </Tabs.Panel>
      </Tabs>
    </Page>
  );
}
