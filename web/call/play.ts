/** Plays a participant in a media element. */
import type { Speaker } from './speaker.ts';

/**
 * Shows a stream and keeps its sound on the chosen speaker. The element is told to play without going
 * to full screen, which phones do otherwise.
 * @param blocked called when the browser wants a touch first; call `element.play()` from a button then
 * @returns how to stop
 */
export function playStream(
  element: HTMLMediaElement,
  stream: MediaStream,
  speaker: Speaker,
  blocked: () => void,
): () => void {
  element.autoplay = true;
  element.setAttribute('playsinline', '');
  if (element.srcObject !== stream) element.srcObject = stream;
  const release = speaker.drive(element);
  element.play().catch((error: Error) => {
    // AbortError is a stream that came after this one: that one plays.
    if (error.name === 'NotAllowedError') blocked();
  });
  return () => {
    release();
    if (element.srcObject === stream) element.srcObject = null;
  };
}
