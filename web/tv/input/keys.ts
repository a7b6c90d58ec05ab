/** The remote's keys, by the numbers that TVs and keyboards send; `KeyboardEvent.key` is missing on TVs of 2017. */

export type Key = 'up' | 'down' | 'left' | 'right' | 'ok' | 'back' | 'playPause' | 'play' | 'pause';

const KEYS: Record<number, Key> = {
  37: 'left',
  38: 'up',
  39: 'right',
  40: 'down',
  13: 'ok',
  10009: 'back', // Tizen
  461: 'back', // webOS
  27: 'back', // Escape, on a desktop
  8: 'back', // Backspace, on a desktop
  32: 'playPause',
  179: 'playPause',
  10252: 'playPause', // Tizen
  415: 'play',
  19: 'pause',
};

/** What was pressed, or null for a key that means nothing here. */
export function keyOf(event: { keyCode: number }): Key | null {
  return KEYS[event.keyCode] || null;
}

/**
 * Asks a Tizen TV to hand over the Play/Pause keys; arrows, OK and Back come by themselves.
 * Nothing happens elsewhere.
 */
export function registerMediaKeys(): void {
  const { tizen } = window as { tizen?: { tvinputdevice?: { registerKey(name: string): void } } };
  const device = tizen && tizen.tvinputdevice;
  if (!device) return;
  for (const name of ['MediaPlayPause', 'MediaPlay', 'MediaPause']) {
    try {
      device.registerKey(name);
    } catch (error) {
      // A remote without the key: the six keys are enough.
      console.info(`${name} is not on this remote`, error);
    }
  }
}
