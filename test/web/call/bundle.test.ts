import { runInNewContext } from 'node:vm';
import { gzipSync } from 'node:zlib';
import { parse } from 'acorn';
import { beforeAll, describe, expect, it } from 'vitest';
import { buildCallScript } from '../../support/callPage.ts';
import type * as Lazy from './fixtures/lazy.ts';

/** Newer than Chromium 74, and not lowered by any build. */
const TOO_NEW =
  /\.(at|replaceAll|findLast|findLastIndex|toSorted)\(|Object\.(hasOwn|groupBy)\b|allSettled|Promise\.any|WeakRef|structuredClone|randomUUID|\basync\b/;

let script: string;

beforeAll(async () => {
  script = await buildCallScript();
});

describe('the call as one script, loaded when a call begins', () => {
  it('[B8] parses as ES2015, as a classic script', () => {
    expect(script.length).toBeGreaterThan(1000);
    expect(() => parse(script, { ecmaVersion: 2015, sourceType: 'script' })).not.toThrow();
  });

  it('[B8] calls nothing that Chromium 74 lacks', () => {
    expect(TOO_NEW.exec(script)?.[0]).toBeUndefined();
  });

  it('is smaller than 12 kB on the way to the TV', () => {
    expect(gzipSync(script).length).toBeLessThan(12 * 1024);
  });

  it('[B8] loads and tells what is missing where there is no WebRTC, and throws nothing', async () => {
    const page: { CouchlineCall?: typeof Lazy } = {};
    runInNewContext(`${script};this.CouchlineCall = CouchlineCall`, Object.assign(page, { setTimeout, console }));
    const { createCall, createDevices } = page.CouchlineCall as typeof Lazy;
    const devices = createDevices();
    await devices.ready;
    expect(devices.state.capabilities?.ways).toEqual({
      watch: { possible: false, lacking: 'engine' },
      voiceCall: { possible: false, lacking: 'engine' },
      videoCall: { possible: false, lacking: 'engine' },
    });
    const call = createCall({ devices, signalling: { requestOffer: () => expect.unreachable() } });
    call.join();
    expect(call.state.connection).toEqual({ kind: 'impossible' });
    expect(await call.setMicrophone(true)).toBe(false);
    expect(devices.state.microphone.problem).toBe('insecure');
    call.leave();
    devices.close();
  });
});
