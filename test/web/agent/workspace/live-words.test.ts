import { describe, expect, it } from 'vitest';
import { pictureNow } from '../../../../web/agent/workspace/live-words.ts';

const playback = { state: 'paused', position: 0, buffered: 0, bitrate: 0, dropped: 0 } as const;

describe('how the picture plays now, in words', () => {
  it('[B6] a picture that was never opened is not paused', () => {
    expect(pictureNow(playback, null)).toEqual({ text: 'Nothing is playing', isBad: false, isOpen: false });
    expect(pictureNow(playback, 'drm:key-missing').text).toBe('Nothing is playing');
  });

  it.each(['playback:network', 'playback:decode', 'playback:source'])(
    '[B6] %s stopped it, nobody paused it',
    (code) => {
      expect(pictureNow({ ...playback, position: 30.4 }, code)).toEqual({
        text: 'Stopped by an error at 0:30',
        isBad: true,
        isOpen: true,
      });
      expect(pictureNow(playback, code).text).toBe('Stopped by an error');
      expect(pictureNow({ ...playback, state: 'stalled', position: 30 }, code).text).toBe(
        'Stopped by an error at 0:30',
      );
    },
  );

  it('[B6] what plays or was paused says where, also with an error that is over', () => {
    expect(pictureNow({ ...playback, state: 'playing', position: 734 }, 'playback:network').text).toBe(
      'Playing at 12:14',
    );
    expect(pictureNow({ ...playback, position: 30, buffered: 8 }, null).text).toBe('Paused at 0:30');
    expect(pictureNow({ ...playback, buffered: 8 }, null).text).toBe('Paused at 0:00');
    expect(pictureNow({ ...playback, state: 'stalled', position: 30 }, 'playback:stalled')).toEqual({
      text: 'Stopped at 0:30',
      isBad: true,
      isOpen: true,
    });
  });
});
