import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { faultCondition } from '../../../src/protocol/facts.ts';
import { createFaults } from '../../../web/connector/faults.ts';
import type { Faults } from '../../../web/connector/faults.ts';
import { watchNetwork, watchVideo } from '../../../web/connector/tvFaults.ts';
import { FakeVideo } from './fakeVideo.ts';
import { room } from './service.ts';

let faults: Faults;
let video: FakeVideo;
let stop: () => void;

const codes = (): string[] => faults.standing.map(({ code }) => code);
const pass = (ms: number): Promise<unknown> => vi.advanceTimersByTimeAsync(ms);

class SourceError extends Event {
  override get target(): EventTarget {
    return new EventTarget();
  }
}

beforeEach(() => {
  vi.useFakeTimers();
  faults = createFaults(() => undefined);
  video = new FakeVideo();
  stop = watchVideo(video.element, faults);
});

afterEach(() => {
  stop();
  vi.useRealTimers();
});

describe('faults of playback', () => {
  it.each([
    [2, 'playback:network'],
    [3, 'playback:decode'],
    [4, 'playback:source'],
  ])('[M6] MediaError %i is %s', (mediaError, code) => {
    video.bufferedUntil = 4.25;
    video.readyState = 0;
    video.fail(mediaError, 'PIPELINE_ERROR');
    expect(faults.standing).toEqual([
      {
        code,
        title: 'The picture does not start',
        detail: { mediaError, message: 'PIPELINE_ERROR', readyState: 0, bufferedSeconds: 4.3, position: 0 },
        since: Date.now(),
        count: 1,
      },
    ]);
    expect(faultCondition.safeParse(faults.standing[0]).error).toBeUndefined();
  });

  it('[M6] a load given up on purpose is no fault', () => {
    video.fail(1);
    expect(codes()).toEqual([]);
  });

  it('[M6] an error after a picture was seen is one that keeps stopping', () => {
    video.advance(2);
    video.fail(2);
    expect(faults.standing[0]?.title).toBe('The picture keeps stopping');
  });

  it('[M6] the last source that cannot be played is playback:source, one before it is not', () => {
    // Node's EventTarget knows no tree; in a browser the event of a <source> passes the element on its way down.
    const sourceFails = (): void => {
      video.dispatchEvent(new SourceError('error'));
    };
    sourceFails();
    expect(codes()).toEqual([]);
    video.networkState = 3;
    video.tell('error');
    expect(codes()).toEqual([]);
    sourceFails();
    expect(codes()).toEqual(['playback:source']);
  });

  it('[M6] no progress for three seconds is a stall, with what was measured', async () => {
    video.advance(10);
    video.readyState = 2;
    video.bufferedUntil = 10.04;
    video.tell('waiting');
    await pass(2_999);
    expect(codes()).toEqual([]);
    await pass(1);
    expect(faults.standing[0]).toMatchObject({
      code: 'playback:stalled',
      title: 'The picture keeps stopping',
      detail: { stalls: 1, seconds: 3, readyState: 2, bufferedSeconds: 0, position: 10 },
    });
  });

  it('[M6] a stall that ends in time is none, a download that stalls while the picture goes on neither', async () => {
    video.advance(10);
    video.tell('waiting');
    await pass(2_000);
    video.advance(1);
    video.tell('stalled');
    await pass(1_000);
    video.advance(1);
    await pass(10_000);
    expect(codes()).toEqual([]);
  });

  it('[M6] the third short stop within a minute is a stall', async () => {
    video.advance(10);
    for (let stops = 0; stops < 3; stops += 1) {
      video.tell('waiting');
      expect(codes()).toEqual(stops < 2 ? [] : ['playback:stalled']);
      await pass(1_000);
      video.advance(1);
      await pass(10_000);
    }
    expect(faults.standing[0]?.detail).toMatchObject({ stalls: 3 });
  });

  it('[M6] three short stops over more than a minute are none', async () => {
    video.advance(10);
    for (let stops = 0; stops < 3; stops += 1) {
      video.tell('waiting');
      await pass(1_000);
      video.advance(1);
      await pass(30_000);
    }
    expect(codes()).toEqual([]);
  });

  it('[M6] a start may take longer than a stall: ten seconds', async () => {
    video.tell('loadstart');
    video.tell('waiting');
    await pass(9_999);
    expect(codes()).toEqual([]);
    await pass(1);
    expect(faults.standing[0]).toMatchObject({ code: 'playback:stalled', title: 'The picture does not start' });
  });

  it('[M6] a pause, an end and a seek are no stalls; a seek that never arrives is', async () => {
    video.advance(10);
    video.tell('waiting');
    video.tell('pause');
    video.paused = true;
    video.tell('waiting');
    await pass(20_000);
    expect(codes()).toEqual([]);
    video.paused = false;
    video.seeking = true;
    video.tell('seeking');
    video.tell('waiting');
    await pass(9_999);
    expect(codes()).toEqual([]);
    await pass(1);
    expect(codes()).toEqual(['playback:stalled']);
  });

  it('[M6] five seconds of picture clear the fault, a seek is no picture', () => {
    video.advance(10);
    video.fail(3);
    video.error = null;
    video.currentTime += 60;
    video.tell('timeupdate');
    video.advance(4.75);
    expect(codes()).toEqual(['playback:decode']);
    video.advance(0.25);
    expect(codes()).toEqual([]);
  });

  it('[M6] playing clears nothing that the host raised', () => {
    faults.raise({ code: 'vendor:tuner-lock', title: 'No signal' });
    video.fail(2);
    video.error = null;
    video.advance(6);
    expect(codes()).toEqual(['vendor:tuner-lock']);
  });

  it('[M6] a key that does not come is drm:key-missing, one that comes is nothing', async () => {
    video.tell('waitingforkey');
    await pass(4_000);
    video.advance(1);
    await pass(5_000);
    expect(codes()).toEqual([]);
    video.tell('waitingforkey');
    await pass(5_000);
    expect(codes()).toEqual(['drm:key-missing']);
  });

  it('[M6] a detached element raises nothing any more', async () => {
    video.advance(1);
    video.tell('waiting');
    stop();
    await pass(10_000);
    video.fail(3);
    expect(codes()).toEqual([]);
  });
});

describe('the network', () => {
  it('[M6] is a fault while it is gone', () => {
    const around = room();
    const end = watchNetwork(around, faults);
    around.window.dispatchEvent(new Event('offline'));
    expect(faults.standing[0]).toMatchObject({ code: 'network:offline', title: 'This TV is not online' });
    around.window.dispatchEvent(new Event('online'));
    expect(codes()).toEqual([]);
    end();
    around.window.dispatchEvent(new Event('offline'));
    expect(codes()).toEqual([]);
  });

  it('[M6] is a fault from the start where the TV starts without it', () => {
    const end = watchNetwork(room({ navigator: { onLine: false } }), faults);
    expect(codes()).toEqual(['network:offline']);
    end();
  });
});

describe('faults of the host', () => {
  it('[M6] the same fault again counts, keeps since when, and comes first', async () => {
    faults.raise({ code: 'usp:7004', title: 'Wrong parameter' });
    const since = Date.now();
    await pass(1_000);
    faults.raise({ code: 'tr069:9002', title: 'Internal error' });
    faults.raise({ code: 'usp:7004', title: 'Wrong parameter', detail: { path: 'Device.WiFi' } });
    expect(codes()).toEqual(['usp:7004', 'tr069:9002']);
    expect(faults.standing[0]).toMatchObject({ since, count: 2, detail: { path: 'Device.WiFi' } });
  });

  it('[M6] a cleared fault starts anew', () => {
    faults.raise({ code: 'usp:7004', title: 'Wrong parameter' });
    faults.raise({ code: 'usp:7004', title: 'Wrong parameter' });
    faults.clear('usp:7004');
    faults.clear('usp:7004');
    faults.raise({ code: 'usp:7004', title: 'Wrong parameter' });
    expect(faults.standing[0]?.count).toBe(1);
  });

  it.each(['stalled', 'Playback:stalled', 'playback:', ':x', 'a:b c', `a:${'b'.repeat(80)}`, ''])(
    '[M6] "%s" is no code, and says so',
    (code) => {
      expect(() => {
        faults.raise({ code, title: 'x' });
      }).toThrow(/namespace:name/);
    },
  );

  it('[M6] at most twenty stand at once', () => {
    for (let count = 0; count < 30; count += 1) faults.raise({ code: `vendor:${count}`, title: 'x' });
    expect(codes()).toHaveLength(20);
    expect(codes()[0]).toBe('vendor:29');
  });
});
