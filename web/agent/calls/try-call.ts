/**
 * A try of this computer's camera and microphone: a call with oneself, by way of the service.
 *
 *     opening ──▶ trying ──▶ over (asked for here, or the service ended it)
 *        └──▶ refused
 */
import type { CallTryState } from '../../../src/protocol/calls.ts';
import { createCall } from '../../call/call.ts';
import { createDevices, type Devices } from '../../call/devices.ts';
import { createStore, type Observable } from '../../call/store.ts';
import type { Call } from '../../call/types.ts';
import { messageOf } from '../parts/load.ts';
import { ApiFailure } from '../session/desk-api.ts';
import type { CallsApi } from './calls-api.ts';

const ASK_EVERY_MS = 2_000;

export type TryState =
  | { kind: 'opening' }
  | { kind: 'refused'; message: string }
  | {
      kind: 'trying';
      call: Call;
      devices: Devices;
      /** Of this computer's clock. */
      since: number;
      /** As the service told last; null before. */
      service: CallTryState | null;
    }
  /** Null where it was ended here. */
  | { kind: 'over'; message: string | null };

export interface Try extends Observable<{ now: TryState }> {
  /** Turns everything off, and tells the service. Twice is harmless. */
  end(): void;
}

export function startTry(api: CallsApi): Try {
  const store = createStore<{ now: TryState }>({ now: { kind: 'opening' } });
  let ended = false;
  let stop: (message: string | null) => void = () => {};

  async function open(): Promise<void> {
    const opened = await api.startTry();
    const { id, iceServers } = opened;
    const tellEnd = () => void api.endTry(id).catch(() => undefined);
    if (ended) return tellEnd();
    const devices = createDevices();
    let offered: string | null = opened.sdp;
    const call = createCall({
      devices,
      iceServers,
      signalling: {
        async requestOffer() {
          const sdp = offered ?? (await api.tryOffer(id)).sdp;
          offered = null;
          const { layout } = await api.tryAnswer(id, await call.receiveOffer(sdp));
          call.receiveLayout(layout);
        },
      },
    });
    const timer = setInterval(() => void ask(), ASK_EVERY_MS);
    stop = (message) => {
      stop = () => {};
      clearInterval(timer);
      call.leave();
      devices.close();
      if (message === null) tellEnd();
      store.set({ now: { kind: 'over', message } });
    };

    async function ask(): Promise<void> {
      try {
        const service = await api.tryState(id);
        const { now } = store.state;
        if (now.kind === 'trying') store.set({ now: { ...now, service } });
      } catch (error) {
        // Not reached for a moment is no end: the media go their own way.
        if (error instanceof ApiFailure && error.status === 404) stop(error.message);
      }
    }

    store.set({ now: { kind: 'trying', call, devices, since: Date.now(), service: null } });
    void call.setMicrophone(true);
    void call.setCamera(true);
    call.join();
  }

  open().catch((error: unknown) => {
    if (!ended) store.set({ now: { kind: 'refused', message: messageOf(error) } });
  });

  return {
    get state() {
      return store.state;
    },
    subscribe: store.subscribe,
    end() {
      ended = true;
      stop(null);
    },
  };
}
