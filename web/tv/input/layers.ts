/**
 * Back, as TVs send it. Tizen and keyboards send a key; webOS calls `history.back()` by itself,
 * so one history entry is kept ahead of the page while there is anything to step back from, and
 * its loss is the press.
 */
export interface BackSource {
  close(): void;
}

/**
 * @param onBack takes one press; the entry is put back afterwards, so the page is never left by it
 */
export function watchHistory(onBack: () => void, target: Window = window): BackSource {
  const arm = () => target.history.pushState({ couchline: true }, '');
  const popped = () => {
    arm();
    onBack();
  };
  arm();
  target.addEventListener('popstate', popped);
  return { close: () => target.removeEventListener('popstate', popped) };
}
