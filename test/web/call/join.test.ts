import { describe, expect, it, onTestFinished } from 'vitest';
import { createCall } from '../../../web/call/call.ts';
import { createDevices } from '../../../web/call/devices.ts';
import { browser, type Surroundings } from '../../../web/call/surroundings.ts';
import type { CallOptions } from '../../../web/call/types.ts';

/** A connection that is made and closed, and no more. */
class PaperConnection extends EventTarget {
  readonly configuration: RTCConfiguration;
  closed = false;

  constructor(configuration: RTCConfiguration) {
    super();
    this.configuration = configuration;
  }

  setRemoteDescription(): Promise<void> {
    return Promise.reject(new Error('Paper takes no offer.'));
  }

  getTransceivers(): never[] {
    return [];
  }

  close(): void {
    this.closed = true;
  }
}

/** A browser that keeps what was done in it, in order. */
function stage(options: Partial<CallOptions> = {}, before = (_made: number): void => undefined) {
  const made: PaperConnection[] = [];
  const done: string[] = [];
  const bare = browser();
  const surroundings: Surroundings = {
    ...bare,
    RTCPeerConnection: class extends PaperConnection {
      constructor(configuration: RTCConfiguration) {
        before(made.length);
        super(configuration);
        made.push(this);
        done.push('connection');
      }
    } as unknown as Surroundings['RTCPeerConnection'],
    engine: { ...bare.engine, peerConnection: true },
  };
  const devices = createDevices(surroundings);
  const signalling = { requestOffer: () => void done.push('asked') };
  const call = createCall({ devices, signalling, ...options }, surroundings);
  onTestFinished(() => {
    call.leave();
    devices.close();
  });
  return { call, made, done };
}

const turn = () => new Promise((later) => setImmediate(later));

describe('while the first offer is on its way', () => {
  it('the connection is opened, its certificate and addresses got, after the offer was asked for', async () => {
    const { call, made, done } = stage({ iceTransportPolicy: 'relay' });
    call.join();
    call.join();
    await turn();
    expect(done).toEqual(['asked', 'connection']);
    expect(made[0]?.configuration).toMatchObject({ iceTransportPolicy: 'relay', iceCandidatePoolSize: 1 });
  });

  it('an offer is answered with that connection, and one that follows a failure with another', async () => {
    const { call, made } = stage();
    call.join();
    await turn();
    await expect(call.receiveOffer('v=0')).rejects.toThrow('Paper takes no offer.');
    expect(made.map(({ closed }) => closed)).toEqual([true]);
    await expect(call.receiveOffer('v=0')).rejects.toThrow('Paper takes no offer.');
    expect(made.map(({ closed }) => closed)).toEqual([true, true]);
  });

  it('who leaves leaves no connection behind, nor opens one', async () => {
    const [one, other] = [stage(), stage()];
    one.call.join();
    await turn();
    one.call.leave();
    other.call.join();
    other.call.leave();
    await turn();
    expect([one.made.map(({ closed }) => closed), other.made]).toEqual([[true], []]);
  });

  it('a connection that cannot be opened is told to who brings the offer', async () => {
    const { call, made } = stage({}, () => {
      throw new Error('These servers cannot be used.');
    });
    call.join();
    await turn();
    await expect(call.receiveOffer('v=0')).rejects.toThrow('These servers cannot be used.');
    expect(made).toEqual([]);
  });
});
