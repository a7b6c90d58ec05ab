/**
 * Microphone, camera and speaker of this device, for the check before a call and for the call itself.
 * Made once a page; calls come and go.
 */
import { capabilitiesOf, type Capabilities } from './capabilities.ts';
import { createInput, type Input, type InputState } from './input.ts';
import { createSpeaker, type Speaker, type SpeakerState } from './speaker.ts';
import { createStore, type Observable } from './store.ts';
import { browser, type Surroundings } from './surroundings.ts';

export interface DevicesState {
  microphone: InputState;
  camera: InputState;
  speaker: SpeakerState;
  /** What this device can take part in, with the devices it has now; null until they are listed. */
  capabilities: Capabilities | null;
}

export interface Devices extends Observable<DevicesState> {
  readonly microphone: Input;
  readonly camera: Input;
  readonly speaker: Speaker;
  /** Resolves when `capabilities` are known: within a second, whatever the browser does. */
  readonly ready: Promise<void>;
  /** Turns everything off and stops listening. Twice is harmless. */
  close(): void;
}

/** Listing the devices takes no longer, or there are none. */
const LIST_WITHIN_MS = 1_000;

/** @param surroundings the browser, unless a test puts its own in place */
export function createDevices(surroundings: Surroundings = browser()): Devices {
  const { engine, mediaDevices } = surroundings;
  const { video } = capabilitiesOf({ engine, cameras: null, microphones: null }).limits;
  const microphone = createInput(
    'audioinput',
    { echoCancellation: true, noiseSuppression: true, autoGainControl: true },
    surroundings,
  );
  const camera = createInput(
    'videoinput',
    { width: { ideal: video.width }, height: { ideal: video.height }, frameRate: { ideal: video.frameRate } },
    surroundings,
  );
  const speaker = createSpeaker(surroundings);
  const store = createStore<DevicesState>({
    microphone: microphone.state,
    camera: camera.state,
    speaker: speaker.state,
    capabilities: null,
  });

  const listed = mediaDevices !== null && typeof mediaDevices.enumerateDevices === 'function';
  let known = false;
  function tell(): void {
    const count = (input: Input): number | null => (listed ? input.state.devices.length : null);
    const capabilities = known
      ? capabilitiesOf({ engine, cameras: count(camera), microphones: count(microphone) })
      : null;
    const before = store.state.capabilities;
    const same = JSON.stringify(before) === JSON.stringify(capabilities);
    store.set({
      microphone: microphone.state,
      camera: camera.state,
      speaker: speaker.state,
      capabilities: same ? before : capabilities,
    });
  }

  // Speakers have labels only when a microphone may be used.
  const silence = [
    microphone.subscribe((state) => {
      if (state.status === 'on' && speaker.state.devices.length === 0) void speaker.refresh();
      tell();
    }),
    camera.subscribe(tell),
    speaker.subscribe(tell),
  ];
  const late = new Promise<void>((resolve) => {
    setTimeout(resolve, LIST_WITHIN_MS);
  });
  const ready = Promise.race([late, microphone.refresh().then(camera.refresh)]).then(() => {
    known = true;
    tell();
  });

  return {
    get state() {
      return store.state;
    },
    subscribe: store.subscribe,
    microphone,
    camera,
    speaker,
    ready,
    close() {
      for (const stop of silence) stop();
      microphone.dispose();
      camera.dispose();
      speaker.dispose();
    },
  };
}
