import type { LiveView } from '../../connector/types.ts';
import { useNow } from '../parts/clock.ts';
import { Icon } from '../parts/Icon.tsx';
import { count, spanInWords } from '../parts/time.ts';
import { pictureNow } from './live-words.ts';
import { STALE_AFTER_MS } from './live.ts';

interface Props {
  live: LiveView;
  /** The code of the fault that stands now. */
  standing: string | null;
}

/** How the picture plays at this moment, or, dimmed, did when it was last heard of. */
export function LiveNow({ live, standing }: Props) {
  const age = Math.max(0, useNow(0) - live.receivedAt);
  const { playback } = live;
  if (playback === null) return null;
  const isOld = age > STALE_AFTER_MS;
  const { buffered, bitrate, dropped } = playback;
  const { text, isBad, isOpen } = pictureNow(playback, standing);
  return (
    <div className="block live-now">
      <h3>
        Live now <span className="quiet small live-age">{isOld ? `last heard ${spanInWords(age)} ago` : ''}</span>
      </h3>
      <dl className={`facts measured ${isOld ? 'old' : ''}`}>
        <div>
          <dt>Picture</dt>
          <dd className={isBad ? 'live-bad' : undefined}>
            {isBad ? <Icon name="warn" /> : null}
            {text}
          </dd>
        </div>
        {isOpen ? (
          <>
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
          </>
        ) : null}
      </dl>
    </div>
  );
}
