/**
 * Runs something once the browser has painted what stands on the page now: what an offer does besides being seen
 * has time until it is seen. Never in the course of this call; at the latest when the page is hidden, as a hidden
 * page is not painted.
 * @returns takes it back
 */
export function afterPaint(run: () => void): () => void {
  let isDue = true;
  const cancel = () => {
    isDue = false;
    cancelAnimationFrame(frame);
    document.removeEventListener('visibilitychange', now);
  };
  const now = () => {
    if (!isDue) return;
    cancel();
    run();
  };
  // A task that is queued within a frame runs when the frame is painted.
  const frame = requestAnimationFrame(() => setTimeout(now));
  document.addEventListener('visibilitychange', now);
  if (document.hidden) queueMicrotask(now);
  return cancel;
}
