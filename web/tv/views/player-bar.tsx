/** @jsxImportSource preact */
/** What lies over the picture: the bar, and word of a picture that does not come. */
import type { VNode } from 'preact';
import type { PlayerState } from '../player/player.ts';
import { clockWords } from '../words.ts';
import { Button, Screen } from './focus.tsx';
import { Sign } from './pictures.tsx';

interface PlayerBarProps {
  name: string;
  kind: PlayerState['kind'];
  /** Seconds into the title. */
  position: number;
  duration: number;
  visible: boolean;
  /** The fault whose prompt went unanswered; it waits here. */
  fault: string | null;
  onPlayPause: () => void;
  onHelp: () => void;
  onDemo: () => void;
}

export function PlayerBar(props: PlayerBarProps): VNode {
  const { name, kind, position, duration, visible, fault, onPlayPause, onHelp, onDemo } = props;
  const stopped = kind === 'failed' || kind === 'idle';
  const press = stopped ? 'Try again' : kind === 'paused' ? 'Play' : 'Pause';
  return (
    <Screen name="player" level={1} path={['Player']} class={`player-bar${visible ? ' is-visible' : ''}`}>
      {kind === 'loading' || kind === 'waiting' ? (
        <div class="player-wait" key={kind}>
          <div class="turning" />
          <span>Loading</span>
        </div>
      ) : null}
      {stopped ? (
        <div class="player-wait">
          <Sign name="failed" size="small" />
          <span>The picture does not come.</span>
        </div>
      ) : null}
      <div class="bar">
        <h1 class="bar-name">{name}</h1>
        <div class="bar-line">
          <div class="bar-done" style={{ transform: `scaleX(${Math.min(1, position / duration)})` }} />
        </div>
        <div class="bar-foot">
          <div class="actions">
            <Button id="play" label={press} first onPress={onPlayPause} />
            <Button id="help" label={fault === null ? 'Help' : 'Get help'} onPress={onHelp} />
            <Button id="demo" label="Demo tools" tone="quiet" onPress={onDemo} />
            {fault === null ? null : <span class="bar-fault">{fault}</span>}
          </div>
          <div class="bar-time">
            {clockWords(position)} <span>of {clockWords(duration)}</span>
          </div>
        </div>
      </div>
    </Screen>
  );
}
