/** Where sound comes out, where the browser lets a page choose: setSinkId, which phones and most TVs lack. */
import type { Device } from './input.ts';
import { createRemembered } from './remembered.ts';
import { createStore, type Observable } from './store.ts';
import { listen, type Surroundings } from './surroundings.ts';

export interface SpeakerState {
  /** Empty where there is nothing to choose. */
  devices: Device[];
  /** The chosen one; null is the browser's choice. */
  device: Device | null;
}

export interface Speaker extends Observable<SpeakerState> {
  choose(deviceId: string | null): void;
  refresh(): Promise<void>;
  /** Sends the sound of an element there, now and whenever another speaker is chosen. Gives back how to stop. */
  drive(element: HTMLMediaElement): () => void;
  dispose(): void;
}

export function createSpeaker({ mediaDevices, engine, storage }: Surroundings): Speaker {
  const store = createStore<SpeakerState>({ devices: [], device: null });
  const remembered = createRemembered(storage, 'audiooutput');
  const driven = new Set<HTMLMediaElement>();

  async function refresh(): Promise<void> {
    if (!engine.speakerChoice || mediaDevices === null || typeof mediaDevices.enumerateDevices !== 'function') return;
    const all = await mediaDevices.enumerateDevices().catch(() => []);
    const own = all.filter((one) => one.kind === 'audiooutput' && one.label !== '' && one.deviceId !== 'default');
    const devices = own.map(({ deviceId, label }) => ({ id: deviceId, label }));
    if (JSON.stringify(devices) !== JSON.stringify(store.state.devices)) store.set({ devices });
    use(remembered.among(devices));
  }

  function use(device: Device | null): void {
    const { device: before } = store.state;
    if ((before && before.id) === (device && device.id)) return;
    store.set({ device });
    driven.forEach(point);
  }

  function point(element: HTMLMediaElement): void {
    if (!engine.speakerChoice) return;
    const { device } = store.state;
    element.setSinkId(device === null ? '' : device.id).catch(() => {
      // Unplugged meanwhile: the sound stays where it was, and the list is told anew.
      void refresh();
    });
  }

  const deaf = listen(mediaDevices, 'devicechange', () => void refresh());
  void refresh();

  return {
    get state() {
      return store.state;
    },
    subscribe: store.subscribe,
    choose(deviceId) {
      const device = store.state.devices.filter(({ id }) => id === deviceId)[0] || null;
      remembered.remember(device && device.label);
      use(device);
    },
    refresh,
    drive(element) {
      driven.add(element);
      if (store.state.device !== null) point(element);
      return () => {
        driven.delete(element);
      };
    },
    dispose() {
      deaf();
      driven.clear();
    },
  };
}
