/** Where data comes from, what came, and when runs are made: a tab each. Never offers what the role may not do. */
import { Tabs } from '@mantine/core';
import { useNavigate, useSearch } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useMay } from '../../api/session.ts';
import { Page } from '../../parts/page.tsx';
import { texts } from '../../texts/texts.ts';
import { ImportsTab } from './imports-tab.tsx';
import { RunNow } from './run-now.tsx';
import { SchedulesTab } from './schedules-tab.tsx';
import { SourcesTab } from './sources-tab.tsx';
import { Wizard } from './wizard.tsx';

const TABS = { sources: SourcesTab, imports: ImportsTab, schedules: SchedulesTab } as const;
const NAMES = Object.keys(TABS) as (keyof typeof TABS)[];

export function SourcesPage(): ReactNode {
  const mayRun = useMay('analyst');
  const navigate = useNavigate();
  const { tab, add } = useSearch({ strict: false });
  if (add !== undefined && mayRun) return <Wizard />;
  const chosen = NAMES.find((name) => name === tab) ?? 'sources';
  const Tab = TABS[chosen];
  return (
    <Page title={texts.sources.title} actions={mayRun && <RunNow />}>
      <Tabs
        value={chosen}
        onChange={(name) =>
          void navigate({ to: '.', search: (before) => ({ site: before.site, tab: name ?? undefined }) })
        }
        keepMounted={false}
      >
        <Tabs.List>
          {NAMES.map((name) => (
            <Tabs.Tab key={name} value={name}>
              {texts.sources.tabs[name]}
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
