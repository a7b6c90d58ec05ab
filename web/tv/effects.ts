/** What follows from the story besides its screens: the picture, the ears, and what is told to those who help. */
import { useEffect, useRef } from 'preact/hooks';
import type { TvConnector, TvState } from '../connector/types.ts';
import type { Player, PlayerState } from './player/player.ts';
import type { Title } from './shelf/titles.ts';
import type { Sounds } from './sounds.ts';
import { leavesAtOnce } from './story.ts';
import type { HelpScreen } from './story.ts';

/** What help does to the picture and the ears, besides its screens. */
export function useHelpEffects(
  state: TvState,
  help: HelpScreen | null,
  watching: boolean,
  hasFrame: boolean,
  connector: TvConnector,
  player: Player,
  sounds: Sounds,
  onSettled: () => void,
): void {
  const kind = help === null ? null : help.kind;
  const status = state.interaction === null ? null : state.interaction.status.kind;
  const resume = useRef(false);

  useEffect(() => {
    if (state.interaction === null) return;
    onSettled();
    if (leavesAtOnce(state.interaction)) connector.dismiss();
  }, [state.interaction === null ? null : state.interaction.id, status]);

  useEffect(() => {
    if (status === 'active') sounds.yourTurn();
    return status === 'invited' ? sounds.ring() : undefined;
  }, [status]);

  // The programme waits while help is on the screen; where a fix is looked at, it plays beside the words.
  const looks = kind === 'checking' || kind === 'closure' || kind === 'outcome';
  useEffect(() => {
    if (kind === null) {
      // A check may have tried the stream for somebody who asked from the shelf.
      if (!watching) player.close();
      else if (resume.current && player.state.kind === 'paused') player.play();
      resume.current = false;
    } else if (looks) {
      if (kind !== 'checking' && player.state.kind === 'paused') player.play();
      resume.current = true;
    } else if (player.state.kind === 'playing') {
      player.pause();
      resume.current = true;
    }
  }, [kind]);

  const beside = looks && hasFrame;
  useEffect(() => {
    document.documentElement.classList.toggle('help-inset', beside);
  }, [beside]);
}

/** Tells what the service was doing, for whoever will help (M6). */
export function useContextTold(connector: TvConnector, title: Title | null, playing: PlayerState): void {
  const tens = Math.floor(playing.played / 10);
  useEffect(() => {
    if (title === null) return connector.setContext({ serviceState: 'browsing', facts: {} });
    connector.setContext({
      serviceState: playing.kind,
      facts: {
        title: title.name,
        position: Math.round(title.watched * 60 + playing.played),
        duration: title.minutes * 60,
        quality: '720p',
      },
    });
  }, [connector, title, playing.kind, tens]);
}

/** Tells what came of a pairing that was shown. */
export function usePaired(state: TvState, onPaired: (centreName: string) => void): void {
  const pairs = useRef(false);
  const online = state.connection.kind === 'online';
  useEffect(() => {
    if (state.pairing !== null) pairs.current = true;
    else if (pairs.current && online && state.registered !== null) {
      pairs.current = false;
      onPaired(state.registered.centreName);
    }
  }, [state.pairing, state.registered, online]);
}
