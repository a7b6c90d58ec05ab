import { useMemo, useState } from 'react';
import type { AgentConnector, AgentState } from '../../connector/types.ts';
import { messageOf } from '../parts/load.ts';
import { useSay } from '../parts/Words.tsx';
import { navigate } from '../router.ts';
import { useShortcuts } from '../shell/shortcuts.ts';
import { useAttention } from './attention.ts';
import { OfferCard } from './OfferCard.tsx';
import { offerWords } from './offer-words.ts';
import type { Ring } from './ring.ts';
import type { OfferSettings } from './settings.ts';

interface Props {
  state: AgentState;
  connector: AgentConnector;
  settings: OfferSettings;
  ring: Ring;
}

/** What is offered, and the answer to it. It stands apart from the page, so that an offer is painted before all else. */
export function Offering({ state, connector, settings, ring }: Props) {
  const { clockOffset } = state;
  const say = useSay();
  const [silenced, setSilenced] = useState<string | null>(null);
  const [answering, setAnswering] = useState<string | null>(null);

  const offered = state.interactions.find((view) => view.status.kind === 'offered') ?? null;
  const offer = useMemo(() => (offered === null ? null : offerWords(offered)), [offered]);
  const rings = settings.ring && offer !== null && silenced !== offer.offerId && answering !== offer.offerId;
  useAttention(offer, { rings, notify: settings.notify }, ring, clockOffset);

  const accept = async () => {
    if (offered === null || offer === null || answering !== null) return;
    setAnswering(offer.offerId);
    try {
      await connector.say(offered.id, { type: 'accept', offerId: offer.offerId });
      navigate({ page: 'work', interactionId: offered.id });
    } catch (error) {
      say({ tone: 'bad', text: `Not accepted. ${messageOf(error)}` });
    }
    setAnswering(null);
  };
  const decline = async () => {
    if (offered === null || offer === null || answering !== null) return;
    setAnswering(offer.offerId);
    try {
      await connector.say(offered.id, { type: 'decline', offerId: offer.offerId });
    } catch (error) {
      say({ tone: 'bad', text: `Not declined. ${messageOf(error)}` });
    }
    setAnswering(null);
  };
  const silence = () => setSilenced(offer?.offerId ?? null);
  useShortcuts(offer === null ? {} : { KeyA: () => void accept(), KeyD: () => void decline(), KeyS: silence });

  if (offer === null) return null;
  return (
    <OfferCard
      key={offer.offerId}
      offer={offer}
      clockOffset={clockOffset}
      isAnswering={answering === offer.offerId}
      ringOn={rings}
      onAccept={() => void accept()}
      onDecline={() => void decline()}
      onSilence={silence}
    />
  );
}
