import { BusyButton } from '../parts/BusyButton.tsx';
import type { InteractionView } from '../../connector/types.ts';
import { useNow } from '../parts/clock.ts';
import { Icon } from '../parts/Icon.tsx';
import { secondsLeft, span } from '../parts/time.ts';

interface Props {
  view: InteractionView;
  expiresAt: number;
  clockOffset: number;
  isEnding: boolean;
  onWithdraw(): void;
}

/** Until the viewer says yes, nothing of the TV is at hand but its name. */
export function Invited({ view, expiresAt, clockOffset, isEnding, onWithdraw }: Props) {
  const now = useNow(clockOffset);
  const left = secondsLeft(expiresAt, now);
  return (
    <section className="waiting-yes card" aria-label="Invitation" data-pane="" tabIndex={-1}>
      <Icon name="tv" />
      <h1>Waiting for the viewer to say yes</h1>
      <p>
        {view.tv.name} asks: “Would you like to begin?”
        {view.tv.customer === null ? '' : ` ${view.tv.customer.name} can answer with the remote.`}
      </p>
      <p className="quiet number">
        {left > 0 ? `The question stays for ${span(left * 1000)} more.` : 'The time is up.'}
      </p>
      <BusyButton className="button" isBusy={isEnding} onPress={onWithdraw}>
        Take the offer back
      </BusyButton>
    </section>
  );
}
