import { describe, expect, it } from 'vitest';
import { readSections, sameLeg, sendingSections, sends, takes } from '../../../web/call/sections.ts';

const offer = (...sections: string[]) =>
  [
    'v=0',
    'o=- 4711 2 IN IP4 10.0.0.1',
    's=-',
    't=0 0',
    'a=fingerprint:sha-256 AB:CD',
    'a=sendrecv',
    ...sections,
    '',
  ].join('\r\n');
const section = (kind: string, mid: string, ...lines: string[]) =>
  [`m=${kind} 7 UDP/TLS/RTP/SAVPF 111`, `a=mid:${mid}`, ...lines].join('\r\n');

describe('the sections of an offer', () => {
  it('are read with kind, direction and participant (RFC 8830: a=msid)', () => {
    const sdp = offer(
      section('audio', '0', 'a=sendrecv', 'a=msid:sam voice'),
      section('video', '1', 'a=sendonly', 'a=msid:bob picture'),
      section('audio', 'c', 'a=recvonly'),
      section('application', 'd'),
    );
    expect(readSections(sdp)).toEqual([
      { mid: '0', kind: 'audio', direction: 'sendrecv', rejected: false, participant: 'sam' },
      { mid: '1', kind: 'video', direction: 'sendonly', rejected: false, participant: 'bob' },
      { mid: 'c', kind: 'audio', direction: 'recvonly', rejected: false, participant: null },
    ]);
  });

  it('say sendrecv when they say nothing (RFC 8866 6.7), and nothing when their port is 0 (RFC 3264 6)', () => {
    const [open, closed] = readSections(
      offer(section('audio', '0'), section('video', '1').replace('video 7', 'video 0')),
    );
    expect([open, closed].map((one) => [sends(one!), takes(one!)])).toEqual([
      [true, true],
      [false, false],
    ]);
  });

  it.each(['', 'v=0', 'm=audio', 'm=audio x y\r\na=mid', '\r\n\r\nm=video 9 '])('are none in %j', (sdp) => {
    expect(readSections(sdp)).toEqual([]);
  });

  it('lines may end as they like', () => {
    const sdp = offer(section('audio', '0', 'a=sendonly', 'a=msid:sam voice'));
    expect(readSections(sdp.replace(/\r\n/g, '\n'))).toEqual(readSections(sdp));
  });
});

describe('what is sent where', () => {
  const sections = readSections(
    offer(
      section('audio', '0', 'a=sendonly'),
      section('audio', '1', 'a=recvonly'),
      section('audio', '2', 'a=sendrecv'),
      section('video', '3', 'a=sendonly'),
    ),
  );

  it('is the first section that takes it', () => {
    expect(sendingSections(sections, { audio: null, video: null })).toEqual({ audio: '1', video: null });
  });

  it('stays where it is, also while the server holds', () => {
    expect(sendingSections(sections, { audio: '2', video: null }).audio).toBe('2');
    expect(sendingSections(sections, { audio: '0', video: null }).audio).toBe('0');
  });

  it('moves when its section is gone', () => {
    expect(sendingSections(sections, { audio: '9', video: null }).audio).toBe('1');
  });
});

describe('a leg', () => {
  it('goes on over new versions, new ICE credentials and other sections', () => {
    const later = offer(section('audio', '0', 'a=ice-ufrag:new')).replace('4711 2', '4711 3');
    expect(sameLeg(offer(), later)).toBe(true);
  });

  it('is another with another session id (RFC 8866 5.2) or another certificate', () => {
    expect(sameLeg(offer(), offer().replace('4711', '4712'))).toBe(false);
    expect(sameLeg(offer(), offer().replace('AB:CD', 'AB:CE'))).toBe(false);
  });
});
