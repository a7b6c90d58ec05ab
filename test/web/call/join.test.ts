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

/** One that takes an offer of one picture, and is connected when it is told to be. */
class TakingConnection extends PaperConnection {
  connectionState = 'new';
  onconnectionstatechange: (() => void) | null = null;
  localDescription: { sdp: string } | null = null;

  override setRemoteDescription(): Promise<void> {
    return Promise.resolve();
  }

  override getTransceivers(): never[] {
    return [{ mid: '0', direction: 'recvonly', sender: {}, receiver: { track: { kind: 'video' } } }] as never[];
  }

  createAnswer(): Promise<object> {
    return Promise.resolve({});
  }

  async setLocalDescription(): Promise<void> {
    await Promise.resolve();
    this.localDescription = { sdp: 'v=0' };
  }

  connects(): void {
    this.connectionState = 'connected';
    this.onconnectionstatechange?.();
  }
}

class PaperStream {
  readonly tracks: { kind: string }[] = [];
  getTracks = () => this.tracks;
  getVideoTracks = () => this.tracks;
  getAudioTracks = () => [];
  removeTrack = (track: { kind: string }) => void this.tracks.splice(this.tracks.indexOf(track), 1);
  addTrack = (track: { kind: string }) => void this.tracks.push(track);
}

const BOBS_PICTURE = ['v=0', 'm=video 7 UDP/TLS/RTP/SAVPF 96', 'a=mid:0', 'a=sendonly', 'a=msid:bob video-0', ''].join(
  '\r\n',
);

/** A browser that keeps what was done in it, in order. */
function stage<Made extends PaperConnection = PaperConnection>(
  options: Partial<CallOptions> = {},
  before = (_made: number): void => undefined,
  Connection: new (configuration: RTCConfiguration) => PaperConnection = PaperConnection,
) {
  const made: Made[] = [];
  const done: string[] = [];
  const bare = browser();
  const surroundings: Surroundings = {
    ...bare,
    MediaStream: PaperStream as unknown as Surroundings['MediaStream'],
    RTCPeerConnection: class extends Connection {
      constructor(configuration: RTCConfiguration) {
        before(made.length);
        super(configuration);
        made.push(this as unknown as Made);
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

describe('who is there', () => {
  it('is shown once the connection stands, which a picture painted for the first time would hold up', async () => {
    const { call, made } = stage<TakingConnection>({}, undefined, TakingConnection);
    const there = () => call.state.participants.map(({ id }) => id);
    call.join();
    await call.receiveOffer(BOBS_PICTURE);
    call.receiveLayout([{ mid: '0', participant: 'bob' }]);
    expect([call.state.connection.kind, there()]).toEqual(['connecting', []]);
    made[0]?.connects();
    expect([call.state.connection.kind, there()]).toEqual(['connected', ['bob']]);
  });
});
