/** The few pictures of the console, drawn as lines. Never the only bearer of a meaning: a word stands beside each or is read out. */
import type { ReactNode } from 'react';

const PATHS = {
  today: 'M3 10.5 12 3l9 7.5V21h-6v-6H9v6H3z',
  runs: 'M4 5h16M4 12h16M4 19h10',
  findings: 'M12 3 2.5 20h19zM12 10v4M12 17.2v.1',
  interfaces: 'M4 8h13l-3-3M20 16H7l3 3',
  mapping: 'M4 6h5l6 12h5M4 18h5l1.6-3.2M15 6h5M13.4 9.2 15 6',
  sources:
    'M4 6c0-1.7 3.6-3 8-3s8 1.3 8 3-3.6 3-8 3-8-1.3-8-3zM4 6v12c0 1.7 3.6 3 8 3s8-1.3 8-3V6M4 12c0 1.7 3.6 3 8 3s8-1.3 8-3',
  measures: 'M4 20V4M4 20h16M8 16l4-5 3 3 5-7',
  settings: 'M5 6h14M5 12h14M5 18h14M9 4v4M15 10v4M8 16v4',
  search: 'M10.5 4a6.5 6.5 0 1 0 0 13 6.5 6.5 0 0 0 0-13zM15.5 15.5 21 21',
  close: 'M5 5l14 14M19 5 5 19',
  open: 'M9 5l7 7-7 7',
  down: 'M5 9l7 7 7-7',
  menu: 'M4 6h16M4 12h16M4 18h16',
  sun: 'M12 8a4 4 0 1 0 0 8 4 4 0 0 0 0-8zM12 2v3M12 19v3M2 12h3M19 12h3M5 5l2 2M17 17l2 2M5 19l2-2M17 7l2-2',
  moon: 'M20 14.5A8.5 8.5 0 0 1 9.5 4 8.5 8.5 0 1 0 20 14.5z',
  person: 'M12 4a4 4 0 1 0 0 8 4 4 0 0 0 0-8zM4 21c0-4 3.6-6 8-6s8 2 8 6',
  check: 'M4 12.5 9.5 18 20 6.5',
  clock: 'M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18zM12 7v5l3.5 2',
  download: 'M12 4v11M7 10.5l5 5 5-5M4 20h16',
  upload: 'M12 16V5M7 9.5l5-5 5 5M4 20h16',
  columns: 'M4 5h16v14H4zM10 5v14M15 5v14',
  save: 'M6 3h12v18l-6-4-6 4z',
  document: 'M6 3h8l4 4v14H6zM14 3v4h4M9 12h6M9 16h6',
  refresh: 'M20 11a8 8 0 1 0-2.3 6.3M20 5v6h-6',
  add: 'M12 5v14M5 12h14',
  box: 'M3 7.5 12 3l9 4.5v9L12 21l-9-4.5zM3 7.5l9 4.5 9-4.5M12 12v9',
} as const;

export type IconName = keyof typeof PATHS;

export function Icon({ name, size = 16, label }: { name: IconName; size?: number; label?: string }): ReactNode {
  return (
    // biome-ignore lint/a11y/noSvgWithoutTitle: where it has no title it is hidden from those who listen
    <svg
      aria-hidden={label === undefined}
      width={size}
      height={size}
      viewBox="0 0 24 24"
      role={label === undefined ? undefined : 'img'}
      fill="none"
      stroke="currentColor"
      strokeWidth={1.8}
      strokeLinecap="round"
      strokeLinejoin="round"
      className="icon"
    >
      {label !== undefined && <title>{label}</title>}
      <path d={PATHS[name]} />
    </svg>
  );
}
