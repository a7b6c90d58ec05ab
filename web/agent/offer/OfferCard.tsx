import { useEffect, useState } from 'react';
import { Button } from 'react-aria-components';
import { BusyButton } from '../parts/BusyButton.tsx';
import { useNow } from '../parts/clock.ts';
import { Icon } from '../parts/Icon.tsx';
import { secondsLeft, span } from '../parts/time.ts';
import { offerAloud } from './offer-words.ts';
import type { OfferWords } from './offer-words.ts';

interface Props {
  offer: OfferWords;
  clockOffset: number;
  /** True while the answer is under way. */
  isAnswering: boolean;
  ringOn: boolean;
  onAccept(): void;
  onDecline(): void;
  onSilence(): void;
}

/** Stands beside the work and never takes the focus: it is heard, announced, and answered by keys. */
export function OfferCard({ offer, clockOffset, isAnswering, ringOn, onAccept, onDecline, onSilence }: Props) {
  const now = useNow(clockOffset, 250);
  const [aloud] = useState(() => offerAloud(offer, Date.now() + clockOffset));
  const [total] = useState(() => Math.max(1, offer.expiresAt - Date.now() - clockOffset));
  const left = secondsLeft(offer.expiresAt, now);
  const share = Math.min(1, Math.max(0, (offer.expiresAt - now) / total));
  return (
    <section className="offer" aria-label="Offer" data-pane="">
      <Aloud text={aloud} />
      <p className="offer-head">
        <Icon name="bell" />
        <strong>{offer.queue}</strong>
        {ringOn ? (
          <Button className="button plain icon-only" aria-label="Silence the ringing" onPress={onSilence}>
            <Icon name="bellOff" />
          </Button>
        ) : null}
        <span className={`number left ${left <= 10 ? 'late' : ''}`}>{left > 0 ? `${left} s left` : 'Time is up'}</span>
      </p>
      <div className="offer-bar" aria-hidden="true">
        <div style={{ transform: `scaleX(${share})` }} />
      </div>
      <h2>{offer.fault}</h2>
      <p>
        {offer.model} · firmware {offer.firmware} · waited <span className="number">{span(now - offer.arrivedAt)}</span>
      </p>
      {offer.reason === '' ? null : <p className="quiet">{offer.reason}</p>}
      <div className="actions">
        <BusyButton className="button primary" onPress={onAccept} isBusy={isAnswering} isDisabled={left === 0}>
          Accept <kbd>Alt+Shift+A</kbd>
        </BusyButton>
        <Button className="button" onPress={onDecline} isDisabled={isAnswering || left === 0}>
          Decline <kbd>Alt+Shift+D</kbd>
        </Button>
      </div>
    </section>
  );
}

/** Announced because the words come into a region that was there before. */
function Aloud({ text }: { text: string }) {
  const [said, setSaid] = useState('');
  useEffect(() => {
    const timer = setTimeout(() => setSaid(text), 100);
    return () => clearTimeout(timer);
  }, [text]);
  return (
    <p className="hidden-text" role="alert">
      {said}
    </p>
  );
}
