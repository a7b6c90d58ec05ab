import { memo, useEffect, useState } from 'react';
import { Button } from 'react-aria-components';
import { BusyButton } from '../parts/BusyButton.tsx';
import { useNow } from '../parts/clock.ts';
import { Icon } from '../parts/Icon.tsx';
import { secondsLeft, span } from '../parts/time.ts';
import type { OfferWords } from './offer-words.ts';

interface Props {
  /** Null while the card waits, unseen, for its offer. It is filled once. */
  offer: OfferWords | null;
  clockOffset: number;
  /** True while the answer is under way. */
  isAnswering: boolean;
  ringOn: boolean;
  onAccept(): void;
  onDecline(): void;
  onSilence(): void;
}

/**
 * Stands beside the work and never takes the focus: it is heard, announced, and answered by keys.
 * All that is the same for every offer is there before one comes, so that only words are left to be filled in.
 */
export function OfferCard({ offer, clockOffset, isAnswering, ringOn, onAccept, onDecline, onSilence }: Props) {
  const isOver = useIsOver(offer?.expiresAt ?? null, clockOffset);
  return (
    <section
      className="offer"
      aria-label="Offer"
      data-empty={offer === null ? '' : undefined}
      data-pane={offer === null ? undefined : ''}
    >
      <p className="offer-head">
        <Icon name="bell" />
        <strong>{offer?.queue}</strong>
        {ringOn ? <Silence onSilence={onSilence} /> : null}
        {offer === null ? null : <TimeLeft {...{ offer, clockOffset }} />}
      </p>
      <div className="offer-bar" aria-hidden="true">
        {offer === null ? null : <Bar {...{ offer, clockOffset }} />}
      </div>
      <h2>{offer?.fault}</h2>
      <p>{offer === null ? null : <Known {...{ offer, clockOffset }} />}</p>
      {offer === null || offer.reason === '' ? null : <p className="quiet">{offer.reason}</p>}
      <Answers {...{ isAnswering, isOver, onAccept, onDecline }} />
    </section>
  );
}

const Silence = memo(function Silence({ onSilence }: Pick<Props, 'onSilence'>) {
  return (
    <Button className="button plain icon-only" aria-label="Silence the ringing" onPress={onSilence}>
      <Icon name="bellOff" />
    </Button>
  );
});

interface AnswersProps extends Pick<Props, 'isAnswering' | 'onAccept' | 'onDecline'> {
  isOver: boolean;
}

const Answers = memo(function Answers({ isAnswering, isOver, onAccept, onDecline }: AnswersProps) {
  return (
    <div className="actions">
      <BusyButton className="button primary" onPress={onAccept} isBusy={isAnswering} isDisabled={isOver}>
        Accept <kbd>Alt+Shift+A</kbd>
      </BusyButton>
      <Button className="button" onPress={onDecline} isDisabled={isAnswering || isOver}>
        Decline <kbd>Alt+Shift+D</kbd>
      </Button>
    </div>
  );
});

interface FilledProps {
  offer: OfferWords;
  clockOffset: number;
}

function TimeLeft({ offer, clockOffset }: FilledProps) {
  const left = secondsLeft(offer.expiresAt, useNow(clockOffset, 250));
  return (
    <span className={`number left ${left <= 10 ? 'late' : ''}`}>{left > 0 ? `${left} s left` : 'Time is up'}</span>
  );
}

function Bar({ offer, clockOffset }: FilledProps) {
  const left = offer.expiresAt - useNow(clockOffset, 250);
  const [whole] = useState(() => Math.max(1, left));
  return <div style={{ transform: `scaleX(${Math.min(1, Math.max(0, left / whole))})` }} />;
}

/** In words: what the service knows of the TV, and how long the viewer has waited. */
function Known({ offer, clockOffset }: FilledProps) {
  const waited = useNow(clockOffset) - offer.arrivedAt;
  return (
    <>
      {offer.model} · firmware {offer.firmware} · waited <span className="number">{span(waited)}</span>
    </>
  );
}

function useIsOver(expiresAt: number | null, clockOffset: number): boolean {
  const [isOver, setOver] = useState(false);
  useEffect(() => {
    if (expiresAt === null) return;
    const timer = setTimeout(() => setOver(true), expiresAt - Date.now() - clockOffset);
    return () => clearTimeout(timer);
  }, [expiresAt, clockOffset]);
  return isOver;
}
