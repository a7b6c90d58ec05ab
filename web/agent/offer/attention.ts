/** What an offer does beyond its card: the ring, the page's title, a notification while the page is hidden. */
import { useEffect } from 'react';
import { afterPaint } from './after-paint.ts';
import type { Ring } from './ring.ts';
import { offerTitle } from './offer-words.ts';
import type { OfferWords } from './offer-words.ts';

const PAGE_TITLE = 'Couchline';

/** @param offer null when nothing is offered */
export function useAttention(
  offer: OfferWords | null,
  settings: { rings: boolean; notify: boolean },
  ring: Ring,
  clockOffset: number,
): void {
  const { rings, notify } = settings;
  const offerId = offer?.offerId ?? null;

  useEffect(() => {
    if (offerId === null || !rings) return;
    const rest = afterPaint(ring.start);
    return () => {
      rest();
      ring.stop();
    };
  }, [offerId, rings, ring]);

  useEffect(() => {
    if (offer === null) return;
    let shown = false;
    const flash = () => {
      shown = !shown;
      document.title = shown ? offerTitle(offer, Date.now() + clockOffset) : PAGE_TITLE;
    };
    const rest = afterPaint(flash);
    const timer = setInterval(flash, 1_000);
    return () => {
      rest();
      clearInterval(timer);
      document.title = PAGE_TITLE;
    };
    // The words of one offer do not change.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [offerId, clockOffset]);

  useEffect(() => {
    if (offer === null || !notify || !document.hidden) return;
    if (!('Notification' in window) || Notification.permission !== 'granted') return;
    const shown = new Notification(`${offer.queue}: ${offer.fault}`, {
      body: `${offer.model}, firmware ${offer.firmware}. ${offer.reason}`,
      tag: offer.offerId,
    });
    shown.onclick = () => {
      window.focus();
      shown.close();
    };
    return () => shown.close();
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [offerId, notify]);
}
