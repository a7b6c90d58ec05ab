/** F6 goes from pane to pane, Shift+F6 back; each pane remembers where the focus was. */
import { useEffect } from 'react';

const FOCUSABLE =
  'a[href], button:not([disabled]), input:not([disabled]), textarea:not([disabled]), select:not([disabled]), [tabindex]:not([tabindex="-1"])';

/** Panes are the visible elements that carry `data-pane`, in the order of the page. */
export function usePanes(): void {
  useEffect(() => {
    const last = new WeakMap<Element, HTMLElement>();
    const note = (focused: EventTarget | null) => {
      if (!(focused instanceof HTMLElement)) return;
      const pane = focused.closest('[data-pane]');
      if (pane !== null && pane !== focused) last.set(pane, focused);
    };
    const remember = (event: FocusEvent) => note(event.target);
    // What had the first focus was focused before this listened.
    note(document.activeElement);
    const go = (event: KeyboardEvent) => {
      if (event.key !== 'F6' || event.ctrlKey || event.metaKey || event.altKey) return;
      // A dialog keeps the focus to itself.
      if (document.querySelector('[role="dialog"][data-rac], .veil') !== null) return;
      const panes = Array.from(document.querySelectorAll<HTMLElement>('[data-pane]')).filter(isVisible);
      if (panes.length === 0) return;
      event.preventDefault();
      const here = panes.findIndex((pane) => pane.contains(document.activeElement));
      const step = event.shiftKey ? -1 : 1;
      const next = panes[here < 0 ? 0 : (here + step + panes.length) % panes.length];
      if (next) enter(next, last.get(next));
    };
    document.addEventListener('focusin', remember);
    document.addEventListener('keydown', go);
    return () => {
      document.removeEventListener('focusin', remember);
      document.removeEventListener('keydown', go);
    };
  }, []);
}

function enter(pane: HTMLElement, before: HTMLElement | undefined): void {
  const target =
    before !== undefined && before.isConnected && pane.contains(before) && isVisible(before)
      ? before
      : (Array.from(pane.querySelectorAll<HTMLElement>(FOCUSABLE)).find(isVisible) ?? pane);
  target.focus();
}

function isVisible(element: HTMLElement): boolean {
  return element.getClientRects().length > 0;
}
