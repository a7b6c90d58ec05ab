/**
 * Runs something once the browser has painted what stands on the page now: what an offer does besides being seen
 * has time until it is seen. A hidden page is never painted, and there it runs at once.
 * @returns takes it back
 */
export function afterPaint(run: () => void): () => void {
  if (document.hidden) {
    run();
    return () => undefined;
  }
  let task: ReturnType<typeof setTimeout> | null = null;
  const frame = requestAnimationFrame(() => {
    task = setTimeout(run);
  });
  return () => {
    cancelAnimationFrame(frame);
    if (task !== null) clearTimeout(task);
  };
}
