/** The frame around all pages: where one can go, which site is meant, search, colours, account. Never a figure. */
import { useQuery } from '@tanstack/react-query';
import { Link, Outlet, useNavigate, useRouterState, useSearch } from '@tanstack/react-router';
import { lazy, type ReactNode, Suspense, useEffect, useState } from 'react';
import { ask } from '../api/ask.ts';
import { useLiveEvents } from '../api/live-events.ts';
import { Icon } from '../parts/icon.tsx';
import { texts } from '../texts/texts.ts';
import { AccountMenu } from './account-menu.tsx';
import styles from './shell.module.css';
import { PAGES } from './site-pages.ts';

/** Dialogs are a tenth of the first view, which needs none. */
const SearchDialog = lazy(async () => ({ default: (await import('./search-dialog.tsx')).SearchDialog }));

export function Shell(): ReactNode {
  useLiveEvents();
  const [isSearching, setSearching] = useState(false);
  const [isMenuOpen, setMenuOpen] = useState(false);
  const path = useRouterState({ select: ({ location }) => location.pathname });
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new page closes the menu
  useEffect(() => setMenuOpen(false), [path]);
  useSearchKey(() => setSearching(true));
  return (
    <div className={styles.shell}>
      <a href="#content" className={styles.skip}>
        {texts.nav.skip}
      </a>
      <header className={styles.bar}>
        <button
          type="button"
          className={styles.menu}
          aria-expanded={isMenuOpen}
          aria-controls="pages"
          onClick={() => setMenuOpen(!isMenuOpen)}
        >
          <Icon name={isMenuOpen ? 'close' : 'menu'} label={texts.nav.menu} />
        </button>
        <Link to="/" className={styles.brand} aria-label={`${texts.product}: ${texts.nav.today}`}>
          <img src="/icon.svg" alt="" width={22} height={22} />
          <span>{texts.product}</span>
        </Link>
        <button type="button" className={styles.search} onClick={() => setSearching(true)}>
          <Icon name="search" />
          <span className={styles.searchWords}>{texts.nav.search}</span>
          <kbd>{texts.nav.searchKey}</kbd>
        </button>
        <SiteChoice />
        <AccountMenu />
      </header>
      <nav id="pages" className={styles.nav} aria-label={texts.nav.label} data-open={isMenuOpen}>
        {PAGES.map(({ to, name, icon }) => (
          <Link
            key={to}
            to={to}
            className={styles.link}
            activeOptions={{ exact: to === '/', includeSearch: false }}
            activeProps={{ 'aria-current': 'page' }}
          >
            <Icon name={icon} />
            {texts.nav[name]}
          </Link>
        ))}
      </nav>
      <main id="content" className={styles.content} tabIndex={-1}>
        <Outlet />
      </main>
      {isSearching && (
        <Suspense>
          <SearchDialog isOpen onClose={() => setSearching(false)} />
        </Suspense>
      )}
    </div>
  );
}

function useSearchKey(open: () => void): void {
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      if (event.key.toLowerCase() !== 'k' || !(event.ctrlKey || event.metaKey)) return;
      event.preventDefault();
      open();
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, [open]);
}

/** One site or all: it stays from page to page, and in the address. */
function SiteChoice(): ReactNode {
  const { site = '' } = useSearch({ strict: false });
  const navigate = useNavigate();
  const { data } = useQuery(ask('GET /runs/{id}/result', { path: { id: 'latest' } }));
  const sites = (data?.by_site ?? []).map((each) => String(each['site']));
  if (sites.length < 2 && site === '') return null;
  return (
    <label className={styles.site}>
      <span className="unseen">{texts.nav.site}</span>
      <select
        value={site}
        onChange={({ target }) =>
          void navigate({ to: '.', search: (before) => ({ ...before, site: target.value || undefined }) })
        }
      >
        <option value="">{texts.nav.allSites}</option>
        {[...new Set([...sites, ...(site === '' ? [] : [site])])].map((name) => (
          <option key={name}>{name}</option>
        ))}
      </select>
    </label>
  );
}
