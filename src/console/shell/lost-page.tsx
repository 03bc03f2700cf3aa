/** What stands where no page is, and where one could not be drawn. Never shows a stack trace. */
import { Button } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { ApiError } from '../api/ask.ts';
import { FailureNotice, Notice } from '../parts/loaded.tsx';
import { Page } from '../parts/page.tsx';
import { texts } from '../texts/texts.ts';

export function LostPage(): ReactNode {
  return (
    <Page title={texts.states.absent}>
      <Notice title={texts.states.absent}>
        <Link to="/">{texts.nav.today}</Link>
      </Notice>
    </Page>
  );
}

export function BrokenPage({ error, reset }: { error: unknown; reset: () => void }): ReactNode {
  if (error instanceof ApiError || error instanceof TypeError) return <FailureNotice error={error} onRetry={reset} />;
  return (
    <Page title={texts.states.broken}>
      <Notice title={texts.states.broken} tone="over" role="alert">
        <p>{texts.states.brokenHint}</p>
        <Button variant="default" onClick={() => location.reload()}>
          {texts.states.again}
        </Button>
      </Notice>
    </Page>
  );
}
