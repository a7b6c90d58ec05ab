import { useCallback, useEffect, useMemo, useState, useSyncExternalStore } from 'react';
import type { AgentConnector } from '../../connector/types.ts';
import { messageOf } from '../parts/load.ts';
import { useSay } from '../parts/Words.tsx';
import { navigate } from '../router.ts';
import { useShortcuts } from '../shell/shortcuts.ts';
import { useAttention } from './attention.ts';
import { OfferCard } from './OfferCard.tsx';
import { offeredIn, useOffered } from './offered.ts';
import { offerAloud, offerWords } from './offer-words.ts';
import type { OfferWords } from './offer-words.ts';
import type { Ring } from './ring.ts';
import type { OfferSettings } from './settings.ts';

interface Props {
  connector: AgentConnector;
  settings: OfferSettings;
  ring: Ring;
}

/** What is offered, and the answer to it. It stands apart from the page, which waits until the offer is painted. */
export function Offering({ connector, settings, ring }: Props) {
  const offered = useOffered(connector);
  const clockOffset = useSyncExternalStore(connector.subscribe, () => connector.state.clockOffset);
  const say = useSay();
  const [silenced, setSilenced] = useState<string | null>(null);
  const [answering, setAnswering] = useState<string | null>(null);

  const offer = useMemo(() => (offered === null ? null : offerWords(offered)), [offered]);
  const offerId = offer?.offerId ?? null;
  const wouldRing = settings.ring && (offerId === null || (silenced !== offerId && answering !== offerId));
  useAttention(offer, { rings: offer !== null && wouldRing, notify: settings.notify }, ring, clockOffset);

  // None of these changes when an offer comes, so that the card's buttons need not either.
  const answer = useCallback(
    async (type: 'accept' | 'decline') => {
      const asked = offeredIn(connector.state);
      if (asked === null || answering !== null) return;
      const { offerId } = asked.status;
      setAnswering(offerId);
      try {
        await connector.say(asked.id, { type, offerId });
        if (type === 'accept') navigate({ page: 'work', interactionId: asked.id });
      } catch (error) {
        say({ tone: 'bad', text: `${type === 'accept' ? 'Not accepted' : 'Not declined'}. ${messageOf(error)}` });
      }
      setAnswering(null);
    },
    [connector, say, answering],
  );
  const accept = useCallback(() => void answer('accept'), [answer]);
  const decline = useCallback(() => void answer('decline'), [answer]);
  const silence = useCallback(() => setSilenced(offeredIn(connector.state)?.status.offerId ?? null), [connector]);
  useShortcuts(offer === null ? {} : { KeyA: accept, KeyD: decline, KeyS: silence });

  return (
    <>
      <OfferCard
        key={useCard(offerId)}
        offer={offer}
        clockOffset={clockOffset}
        isAnswering={offerId !== null && answering === offerId}
        ringOn={wouldRing}
        onAccept={accept}
        onDecline={decline}
        onSilence={silence}
      />
      <Aloud offer={offer} clockOffset={clockOffset} />
    </>
  );
}

/**
 * Counts the cards. Each is used once: a press that began on one never answers the next. The next is made as soon as
 * the offer before it is gone.
 */
function useCard(offerId: string | null): number {
  const [card, setCard] = useState({ offerId, number: 0 });
  if (card.offerId !== offerId) setCard({ offerId, number: card.number + (card.offerId === null ? 0 : 1) });
  return card.number;
}

/** Announced because the words come into a region that was there before. */
function Aloud({ offer, clockOffset }: { offer: OfferWords | null; clockOffset: number }) {
  const [said, setSaid] = useState('');
  useEffect(() => {
    const text = offer === null ? '' : offerAloud(offer, Date.now() + clockOffset);
    const timer = setTimeout(() => setSaid(text), 100);
    return () => clearTimeout(timer);
    // The words of one offer do not change.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [offer?.offerId, clockOffset]);
  return (
    <p className="hidden-text" role="alert">
      {said}
    </p>
  );
}
