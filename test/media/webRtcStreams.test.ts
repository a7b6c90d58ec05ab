import { EventEmitter } from 'node:events';
import type { types } from 'mediasoup';
import { describe, expect, it } from 'vitest';
import type { Source } from '../../media/leg.ts';
import type { Levels } from '../../media/levels.ts';
import { SdpRefusal } from '../../media/sdp/refusal.ts';
import { WebRtcStreams } from '../../media/webRtcStreams.ts';

const PARAMETERS: types.RtpParameters = { codecs: [] };

/** A transport on paper, which keeps what it was asked for. */
class PaperTransport {
  closed = false;
  /** Why it receives nothing; null while it does. */
  refuses: string | null = null;
  readonly sizes: (number | undefined)[] = [];

  produce({ kind }: { kind: string }): Promise<PaperProducer> {
    return this.refuses === null ? Promise.resolve(new PaperProducer(kind)) : Promise.reject(new Error(this.refuses));
  }

  consume({ producerId, preferredLayers }: types.ConsumerOptions): Promise<object> {
    this.sizes.push(preferredLayers?.spatialLayer);
    const consumer = { producerId, type: 'simulcast', closed: false, paused: false, close: () => undefined };
    return Promise.resolve(Object.assign(new EventEmitter(), consumer));
  }
}

class PaperProducer {
  closed = false;
  readonly id: string;
  constructor(id: string) {
    this.id = id;
  }
  close(): void {
    this.closed = true;
  }
}

function stage() {
  const transport = new PaperTransport();
  const told: string[] = [];
  const streams = new WebRtcStreams(
    'tv',
    transport as unknown as types.WebRtcTransport,
    { add: () => undefined, read: () => null } as unknown as Levels,
    (kind, source) => told.push(`${kind} ${source === null ? 'gone' : 'there'}`),
    (work) => void work(),
  );
  return { transport, told, streams };
}

describe('what a browser sends', () => {
  it('and mediasoup does not take is refused as SDP is, and told to be gone', async () => {
    const { transport, told, streams } = stage();
    await streams.take({ audio: PARAMETERS, video: PARAMETERS });
    const [sound] = streams.sources;
    transport.refuses = 'ssrc already exists in RTP listener';
    const changed = streams.take({ audio: { ...PARAMETERS, mid: '1' }, video: PARAMETERS });
    await expect(changed).rejects.toThrow(SdpRefusal);
    await expect(changed).rejects.toThrow('Its audio cannot be received: “ssrc already exists in RTP listener”.');
    expect(sound!.producer.closed).toBe(true);
    expect(told).toEqual(['audio there', 'video there', 'audio gone']);
    expect(streams.sources.map(({ kind }) => kind)).toEqual(['video']);
  });

  it('is no fault of its SDP where the transport is gone', async () => {
    const { transport, streams } = stage();
    transport.refuses = 'Channel closed';
    transport.closed = true;
    await expect(streams.take({ audio: PARAMETERS, video: null })).rejects.toThrow(/^Channel closed$/);
  });
});

describe('how large somebody is shown', () => {
  const sam = (id: string): Source => ({
    legId: 'sam',
    kind: 'video',
    producer: new PaperProducer(id) as unknown as types.Producer,
  });
  const flow = (id: string, mid: string) => [{ mid, source: sam(id), capabilities: {} }];

  it('is kept while they are there, and forgotten when they have left', async () => {
    const { transport, streams } = stage();
    await streams.preferSize('sam', 1);
    await streams.flow(flow('first', '2'));
    await streams.flow(flow('second', '3'));
    expect(transport.sizes).toEqual([1, 1]);
    streams.forget('sam');
    await streams.flow(flow('third', '4'));
    expect(transport.sizes).toEqual([1, 1, 3]);
  });
});
