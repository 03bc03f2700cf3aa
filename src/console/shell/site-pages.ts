/** The pages that the navigation and the search offer, in the order of the work. Never those of one run or item. */
import type { IconName } from '../parts/icon.tsx';

/** First what is, then why, then how it is set up. */
export const PAGES = [
  { to: '/', name: 'today', icon: 'today' },
  { to: '/runs', name: 'runs', icon: 'runs' },
  { to: '/findings', name: 'findings', icon: 'findings' },
  { to: '/interfaces', name: 'interfaces', icon: 'interfaces' },
  { to: '/mapping', name: 'mapping', icon: 'mapping' },
  { to: '/sources', name: 'sources', icon: 'sources' },
  { to: '/measures', name: 'measures', icon: 'measures' },
  { to: '/settings', name: 'settings', icon: 'settings' },
] as const satisfies readonly { to: string; name: string; icon: IconName }[];
