/** The frame of a page: its heading, what it is about, its actions; and the panels in it. Never fetches anything. */
import { type ReactNode, useEffect, useRef, useState } from 'react';
import { texts } from '../texts/texts.ts';
import styles from './page.module.css';

interface PageProps {
  /** Also the title of the window. */
  readonly title: string;
  /** Beside the heading: what people do here. */
  readonly actions?: ReactNode;
  /** Under the heading: one sentence, or filters. */
  readonly lead?: ReactNode;
  /** Takes the whole width and height of the window: grids. */
  readonly isFull?: boolean;
  readonly children: ReactNode;
}

export function Page({ title, actions, lead, isFull = false, children }: PageProps): ReactNode {
  useEffect(() => {
    document.title = `${title} · ${texts.product}`;
  }, [title]);
  return (
    <div className={styles.page} data-full={isFull}>
      <header className={styles.head}>
        <h1>{title}</h1>
        {actions !== undefined && <div className={styles.actions}>{actions}</div>}
        {lead !== undefined && <div className={styles.lead}>{lead}</div>}
      </header>
      {children}
    </div>
  );
}

/** A part of a page under a heading of its own. `isFlush`: its content reaches the border, as tables do. */
export function Panel({
  title,
  actions,
  isFlush = false,
  children,
}: {
  title?: ReactNode;
  actions?: ReactNode;
  isFlush?: boolean;
  children: ReactNode;
}): ReactNode {
  const [body, isWider] = useIsWider();
  return (
    <section className={styles.panel} data-flush={isFlush}>
      {title !== undefined && (
        <header className={styles.panelHead}>
          <h2>{title}</h2>
          {actions}
        </header>
      )}
      {/* What can be scrolled sideways can be reached by keys. */}
      <div ref={body} className={styles.panelBody} tabIndex={isFlush && isWider ? 0 : undefined}>
        {children}
      </div>
    </section>
  );
}

/** Whether what stands in an element is wider than it. */
function useIsWider() {
  const ref = useRef<HTMLDivElement>(null);
  const [isWider, setWider] = useState(false);
  useEffect(() => {
    const element = ref.current;
    if (element === null) return;
    const measure = (): void => setWider(element.scrollWidth > element.clientWidth + 1);
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    for (const child of element.children) observer.observe(child);
    return () => observer.disconnect();
  });
  return [ref, isWider] as const;
}
