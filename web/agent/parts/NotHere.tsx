import type { ReactNode } from 'react';
import { Button } from 'react-aria-components';
import { navigate } from '../router.ts';

/** For an address that leads to nothing: what is not there, why that may be, and the way back. */
export function NotHere({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section className="idle" aria-label={title} data-pane="" tabIndex={-1}>
      <h1>{title}</h1>
      <p className="quiet">{children}</p>
      <div className="actions">
        <Button className="button primary" onPress={() => navigate({ page: 'work', interactionId: null }, 'replace')}>
          Go to your work
        </Button>
      </div>
    </section>
  );
}
