/** Whether offers ring and show outside of the page; remembered in this browser. */
import { useCallback, useState } from 'react';

export interface OfferSettings {
  ring: boolean;
  notify: boolean;
}

const NAME = 'couchline.offers';

export function useOfferSettings(): [OfferSettings, (change: Partial<OfferSettings>) => void] {
  const [settings, setSettings] = useState(read);
  const change = useCallback((part: Partial<OfferSettings>) => {
    setSettings((before) => {
      const next = { ...before, ...part };
      try {
        localStorage.setItem(NAME, JSON.stringify(next));
      } catch {
        // Without storage the choice lives as long as the page does.
      }
      return next;
    });
  }, []);
  return [settings, change];
}

function read(): OfferSettings {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(NAME) ?? 'null');
    if (typeof kept === 'object' && kept !== null) {
      return { ring: !('ring' in kept) || kept.ring !== false, notify: 'notify' in kept && kept.notify === true };
    }
  } catch {
    // Unreadable or forbidden: as at first.
  }
  return { ring: true, notify: false };
}
