import type { LivePlayback, LiveView } from '../../connector/types.ts';
import { useNow } from '../parts/clock.ts';
import { Icon } from '../parts/Icon.tsx';
import { count, span, spanInWords } from '../parts/time.ts';
import { STALE_AFTER_MS } from './live.ts';

const STATES: Record<LivePlayback['state'], string> = { playing: 'Playing', paused: 'Paused', stalled: 'Stopped' };

/** How the picture plays at this moment, or, dimmed, did when it was last heard of. */
export function LiveNow({ live }: { live: LiveView }) {
  const age = Math.max(0, useNow(0) - live.receivedAt);
  const { playback } = live;
  if (playback === null) return null;
  const isOld = age > STALE_AFTER_MS;
  const { state, position, buffered, bitrate, dropped } = playback;
  return (
    <div className="block live-now">
      <h3>
        Live now <span className="quiet small live-age">{isOld ? `last heard ${spanInWords(age)} ago` : ''}</span>
      </h3>
      <dl className={`facts measured ${isOld ? 'old' : ''}`}>
        <div>
          <dt>Picture</dt>
          <dd className={state === 'stalled' ? 'live-bad' : undefined}>
            {state === 'stalled' ? <Icon name="warn" /> : null}
            {STATES[state]} at {span(position * 1000)}
          </dd>
        </div>
        <div>
          <dt>Buffer</dt>
          <dd>{buffered.toFixed(1)} s</dd>
        </div>
        <div>
          <dt>Bitrate</dt>
          <dd>{bitrate === null ? 'not told' : `${(bitrate / 1000).toFixed(1)} Mbit/s`}</dd>
        </div>
        <div>
          <dt>Dropped</dt>
          <dd>{dropped === null ? 'not told' : count(dropped, 'frame')}</dd>
        </div>
      </dl>
    </div>
  );
}
