import { describe, expect, it } from 'vitest';
import {
  contextLabel,
  factLabel,
  factsLine,
  factValue,
  playerCodeInWords,
  serviceStateInWords,
} from '../../../../web/agent/workspace/fact-words.ts';

describe('what a player says in codes', () => {
  it.each([
    [
      'PipelineStatus::DEMUXER_ERROR_COULD_NOT_OPEN: FFmpegDemuxer: open context failed',
      'The TV cannot play this format.',
    ],
    [
      'PipelineStatus::CHUNK_DEMUXER_ERROR_APPEND_FAILED: Append: stream parsing failed.',
      'The stream came, and could not be read.',
    ],
    ['PipelineStatus::PIPELINE_ERROR_DECODE: video decode error!', 'Picture or sound could not be decoded.'],
    ['PIPELINE_ERROR_NETWORK: stream lost', 'The stream stopped coming.'],
    ['PipelineStatus::CHUNK_DEMUXER_ERROR_EOS_STATUS_NETWORK_ERROR', 'The stream stopped coming.'],
    [
      'PipelineStatus::DEMUXER_ERROR_COULD_NOT_OPEN: MediaSource endOfStream before demuxer initialization completes',
      'The stream ended before anything of it came.',
    ],
    ['PipelineStatus::DISCONNECTED', 'The TV’s player gave up.'],
  ])('[B6] %j is a sentence', (code, words) => {
    expect(playerCodeInWords(code)).toBe(words);
  });

  it.each(['playing', 'Network cable unplugged', 'HD_1', 4, true])('[B6] %j stands as it was told', (value) => {
    expect(playerCodeInWords(value)).toBeNull();
  });

  it('[B6] in a line of facts the sentence stands for the code', () => {
    const facts = { mediaError: 2, message: 'PipelineStatus::CHUNK_DEMUXER_ERROR_EOS_STATUS_NETWORK_ERROR' };
    expect(factsLine(facts)).toBe('Media error 2, player: the stream stopped coming');
  });
});

describe('what a TV service tells of itself', () => {
  it('[B6] has one clock: minutes and seconds, as the live picture has', () => {
    expect(factsLine({ readyState: 2, position: 30 })).toBe('Ready state 2 of 4, position 0:30');
    expect(factValue('position', 1110)).toBe('18:30');
    expect(`${factLabel('duration')} ${factValue('duration', 3120)}`).toBe('Length 52:00');
    expect(factValue('duration', 5400)).toBe('1:30:00');
  });

  it('[B6] keeps the place in the title apart from the place in the stream', () => {
    expect([contextLabel('position'), factLabel('position'), contextLabel('plan')]).toEqual([
      'Watched to',
      'Position',
      'Plan',
    ]);
  });

  it.each([
    ['failed', 'The title had stopped by an error'],
    ['browsing', 'Nothing was playing'],
    ['unknown', 'The TV has not told'],
    ['recording a film', 'Recording a film'],
    ['constructor', 'Constructor'],
  ])('[B6] %s is said as “%s”', (state, words) => {
    expect(serviceStateInWords(state)).toBe(words);
  });
});
