import { useState } from 'react';
import { BusyButton } from '../parts/BusyButton.tsx';
import { useNow } from '../parts/clock.ts';
import { Icon } from '../parts/Icon.tsx';
import { span } from '../parts/time.ts';

/** How long help lasts already, and its end. */
export function EndBar(props: { since: number; clockOffset: number; onEnd(): Promise<void> }) {
  const [busy, setBusy] = useState(false);
  const now = useNow(props.clockOffset);
  return (
    <div className="end-bar" role="region" aria-label="This help" data-pane="">
      <span className="number timer">
        <Icon name="clock" />
        <span className="hidden-text">Helping for </span>
        {span(now - props.since)}
      </span>
      <BusyButton
        className="button end"
        isBusy={busy}
        onPress={() => {
          setBusy(true);
          void props.onEnd().finally(() => setBusy(false));
        }}
      >
        End help <kbd>Alt+Shift+E</kbd>
      </BusyButton>
    </div>
  );
}
