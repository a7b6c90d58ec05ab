import { describe, expect, it } from 'vitest';
import { capabilitiesOf, type DeviceFacts } from '../../../web/call/capabilities.ts';
import type { EngineFacts } from '../../../web/call/surroundings.ts';

const engine = (change: Partial<EngineFacts> = {}): EngineFacts => ({
  peerConnection: true,
  secure: true,
  userMedia: true,
  speakerChoice: true,
  videoCodecs: ['video/vp8', 'video/vp9'],
  memoryGb: 8,
  cores: 8,
  ...change,
});
const facts = (change: Partial<EngineFacts> = {}, cameras: number | null = 1, microphones: number | null = 1) =>
  ({ engine: engine(change), cameras, microphones }) satisfies DeviceFacts;
const ways = (of: DeviceFacts) => {
  const { watch, voiceCall, videoCall } = capabilitiesOf(of).ways;
  return [watch, voiceCall, videoCall].map((way) => (way.possible ? 'yes' : way.lacking));
};

describe('[B8] what a device can take part in', () => {
  it.each([
    ['a computer with everything', facts(), ['yes', 'yes', 'yes']],
    ['a TV without a camera', facts({}, 0), ['yes', 'yes', 'camera']],
    ['a TV with neither', facts({}, 0, 0), ['yes', 'microphone', 'microphone']],
    ['a TV that cannot list its devices', facts({}, null, null), ['yes', 'microphone', 'microphone']],
    ['a TV without getUserMedia', facts({ userMedia: false }), ['yes', 'microphone', 'microphone']],
    ['a TV of 2018, without transceivers', facts({ peerConnection: false }), ['engine', 'engine', 'engine']],
    ['a page over http', facts({ secure: false }), ['yes', 'insecure', 'insecure']],
    [
      'an engine that decodes neither VP8 nor H264',
      facts({ videoCodecs: ['video/av1'] }),
      Array(3).fill('pictureFormat'),
    ],
    ['an engine that does not tell what it decodes', facts({ videoCodecs: null }), ['yes', 'yes', 'yes']],
  ])('%s', (_name, of, expected) => {
    expect(ways(of)).toEqual(expected);
  });

  it('scores engine, camera, microphone and memory', () => {
    expect(capabilitiesOf(facts({ memoryGb: 2 }, 2, 1)).score).toEqual({
      engine: 2,
      camera: 2,
      microphone: 1,
      memory: 1,
    });
    expect(capabilitiesOf(facts({ peerConnection: false }, null, 0)).score).toMatchObject({
      engine: 0,
      camera: 0,
      microphone: 0,
    });
  });

  it.each([
    [8, 4, 1280],
    [2, 4, 640],
    [0.5, 4, 320],
    [null, 4, 640],
    [null, 12, 1280],
    [null, null, 640],
  ])('memory of %s GB and %s cores sends a picture of %s', (memoryGb, cores, width) => {
    expect(capabilitiesOf(facts({ memoryGb, cores })).limits.video.width).toBe(width);
  });

  it('never offers more because less is known', () => {
    const known = facts();
    for (const unknown of [{ memoryGb: null }, { cores: null }]) {
      const { ways: offered } = capabilitiesOf({ ...known, engine: engine(unknown) });
      expect(offered).toEqual(capabilitiesOf(known).ways);
    }
  });
});
