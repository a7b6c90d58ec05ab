/** What is said on a connection in one turn of the event loop leaves by one write: each is a call into the kernel. */
import type { Duplex } from 'node:stream';

/** Bytes that are held back for one write at most. */
const HELD_BACK_BYTES = 32 * 1024;

let heldBack: Duplex[] = [];

/** Holds back what is written from here on until this turn of the event loop is over, unless it is long. */
export function holdBack(wire: Duplex): void {
  if (wire.writableCorked > 0) {
    // A long past is not gathered whole: the kernel takes what it can meanwhile.
    if (wire.writableLength > HELD_BACK_BYTES) wire.uncork();
    return;
  }
  wire.cork();
  if (heldBack.push(wire) === 1) process.nextTick(letGo);
}

function letGo(): void {
  const wires = heldBack;
  heldBack = [];
  for (const wire of wires) wire.uncork();
}
