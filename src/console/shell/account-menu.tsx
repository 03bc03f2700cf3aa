/** Who is signed in, light or dark, and the way out. Never anything about the data. */
import { Menu, useComputedColorScheme, useMantineColorScheme } from '@mantine/core';
import type { ReactNode } from 'react';
import { useSession, useSignOut } from '../api/session.ts';
import { Icon } from '../parts/icon.tsx';
import { texts } from '../texts/texts.ts';
import styles from './shell.module.css';

export function AccountMenu(): ReactNode {
  const { person, role, sites } = useSession();
  const signOut = useSignOut();
  const { setColorScheme } = useMantineColorScheme();
  const scheme = useComputedColorScheme('light');
  const other = scheme === 'dark' ? 'light' : 'dark';
  return (
    <Menu position="bottom-end" width={220}>
      <Menu.Target>
        <button type="button" className={styles.account}>
          <Icon name="person" label={texts.nav.account} />
          <span className={styles.accountName}>{person?.name ?? ''}</span>
        </button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item disabled className={styles.role}>
          {texts.roles[role]}
          {sites !== null && ` · ${sites.join(', ')}`}
        </Menu.Item>
        <Menu.Item
          leftSection={<Icon name={other === 'dark' ? 'moon' : 'sun'} />}
          onClick={() => setColorScheme(other)}
          closeMenuOnClick={false}
        >
          {texts.nav[other]}
        </Menu.Item>
        <Menu.Item onClick={() => void signOut()}>{texts.nav.signOut}</Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
