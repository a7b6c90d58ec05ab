import { useEffect, useRef, useState } from 'react';
import type { ReactNode } from 'react';
import { Button } from 'react-aria-components';
import { playStream } from '../../call/play.ts';
import type { Speaker } from '../../call/speaker.ts';
import type { Call } from '../../call/types.ts';

interface TileProps {
  name: string;
  /** Null while there is none. */
  stream: MediaStream | null;
  /** What is said until there is a picture. */
  instead: string;
  speaker: Speaker;
  /** One's own picture is shown as in a mirror, and is not heard. */
  own?: boolean;
  muted?: boolean;
  children: ReactNode;
}

/** A picture with whose it is, and how loud they are. */
export function Tile({ name, stream, instead, speaker, own = false, muted = false, children }: TileProps) {
  const video = useRef<HTMLVideoElement>(null);
  const [blocked, setBlocked] = useState(false);
  const [shows, setShows] = useState(false);
  useEffect(() => {
    const element = video.current;
    if (element === null) return;
    const look = () => setShows(element.srcObject !== null && element.videoWidth > 0);
    const heard = ['loadeddata', 'resize', 'emptied'];
    for (const type of heard) element.addEventListener(type, look);
    setBlocked(false);
    const stop = stream === null ? () => {} : playStream(element, stream, speaker, () => setBlocked(true));
    look();
    return () => {
      for (const type of heard) element.removeEventListener(type, look);
      stop();
    };
  }, [stream, speaker]);
  return (
    <figure className="calls-tile">
      <div className="calls-picture">
        <video ref={video} className={own ? 'mirrored' : ''} muted={own || muted} aria-label={name} />
        {shows ? null : <p className="quiet">{instead}</p>}
        {blocked ? (
          <Button
            className="button"
            onPress={() => {
              setBlocked(false);
              video.current?.play().catch(() => setBlocked(true));
            }}
          >
            Play
          </Button>
        ) : null}
      </div>
      <figcaption>
        <strong>{name}</strong>
        {children}
      </figcaption>
    </figure>
  );
}

/** How loud somebody is; null is oneself. It moves by itself, without the page being drawn anew. */
export function LevelBar({ label, call, of }: { label: string; call: Call; of: string | null }) {
  const bar = useRef<HTMLDivElement>(null);
  useEffect(
    () =>
      call.watchLevels(({ own, participants }) => {
        const level = (of === null ? own : participants[of]) ?? 0;
        const element = bar.current;
        if (element === null) return;
        element.style.setProperty('--level', String(level));
        element.setAttribute('aria-valuenow', String(Math.round(level * 100)));
      }),
    [call, of],
  );
  return (
    <div
      ref={bar}
      className="calls-level"
      role="meter"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={0}
    >
      <span />
    </div>
  );
}
