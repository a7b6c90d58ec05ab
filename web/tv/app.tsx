/** @jsxImportSource preact */
/** The demo TV service: a shelf and a player of its own, with help from the connector laid over them. */
import type { VNode } from 'preact';
import { useCallback, useEffect, useMemo, useState } from 'preact/hooks';
import type { TvConnector, TvState, ViewerCommand } from '../connector/types.ts';
import type { BreakName, Breaks } from './demo/breaks.ts';
import { Panel } from './demo/panel.tsx';
import { useContextTold, useHelpEffects, usePaired } from './effects.ts';
import { useFaultPrompt } from './fault-prompt.ts';
import type { Key } from './input/keys.ts';
import type { Navigation } from './input/navigation.ts';
import type { Player, PlayerState } from './player/player.ts';
import { usePresses } from './press.ts';
import { refusalWords, stoppedWords } from './refusals.ts';
import { Shelf } from './shelf/shelf.tsx';
import { TITLES } from './shelf/titles.ts';
import type { Title } from './shelf/titles.ts';
import type { Sounds } from './sounds.ts';
import { helpScreen } from './story.ts';
import type { HelpScreen, Looking } from './story.ts';
import { BusyContext, NavigationContext } from './views/focus.tsx';
import { Help } from './views/help.tsx';
import type { HelpAction } from './views/help-frame.tsx';
import { Bar, Pairing, Prompt, Question } from './views/layers.tsx';
import type { BarKind } from './views/layers.tsx';
import { PlayerBar } from './views/player-bar.tsx';

const BAR_HIDES_MS = 5000;
const NOTICE_MS = 8000;
const SLOW_WORDS = 'This is taking longer than usual.';
const NOT_LOOKING: Looking = { atTasks: false, taskId: null, seenOutcome: null, again: null, answerAnew: null };

export interface AppProps {
  connector: TvConnector;
  navigation: Navigation;
  player: Player;
  breaks: Breaks;
  sounds: Sounds;
  store: Pick<Storage, 'getItem' | 'setItem'> | null;
  /** Hands over what the keys that are not the navigation's do; returns true when it took one. */
  onKeys: (take: (key: Key) => boolean) => void;
  /** Closes the app, where the TV lets it. */
  onClose: () => void;
  /** Starts anew, to pair in place of the credentials that were given. */
  onPair: () => void;
}

export function App(props: AppProps): VNode {
  const { connector, navigation, player, breaks, sounds, store, onKeys, onClose, onPair } = props;
  const [state, setState] = useState<TvState>(connector.state);
  const [playing, setPlaying] = useState<PlayerState>(player.state);
  const [now, setNow] = useState(Date.now());
  const [title, setTitle] = useState<Title | null>(null);
  const [barUntil, setBarUntil] = useState(0);
  const [askedAt, setAskedAt] = useState<number | null>(null);
  const [looking, setLooking] = useState<Looking>(NOT_LOOKING);
  const [question, setQuestion] = useState<'leave' | 'close' | 'stopped' | null>(null);
  const [panel, setPanel] = useState(false);
  const [broken, setBroken] = useState<BreakName | null>(breaks.broken);
  const [pairingHidden, setPairingHidden] = useState(false);
  const [notice, setNotice] = useState<{ kind: BarKind; words: string; until: number } | null>(null);
  /** An interaction that was left, though the service may not have heard it yet. */
  const [left, setLeft] = useState<string | null>(null);

  // What changed between the first picture and now was told to nobody.
  useEffect(() => {
    setState(connector.state);
    return connector.subscribe(setState);
  }, [connector]);
  useEffect(() => {
    setPlaying(player.state);
    return player.subscribe(setPlaying);
  }, [player]);
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 1000);
    return () => clearInterval(timer);
  }, []);

  const isLeft = state.interaction !== null && state.interaction.id === left;
  const help = isLeft ? null : helpScreen(state, looking, askedAt !== null, now);
  const pairing = state.pairing !== null && !pairingHidden && help === null ? state.pairing : null;
  const offline = state.connection.kind === 'offline' || state.connection.kind === 'connecting';
  const fault = state.faults[0] || null;

  const tell = useCallback(
    (kind: BarKind, words: string) => setNotice({ kind, words, until: Date.now() + NOTICE_MS }),
    [],
  );
  const refused = useCallback(
    (words: string) => {
      sounds.error();
      tell('notice', words);
    },
    [sounds],
  );
  const presses = usePresses(connector, !offline, now, refused);
  const say = (command: ViewerCommand, taken?: () => void) =>
    presses.say(command, navigation.current && navigation.current.id, taken);

  const mayAsk = title !== null && help === null && pairing === null && !panel && question === null;
  const prompt = useFaultPrompt(state.faults, mayAsk, now, store, sounds.error, () => setBarUntil(now + BAR_HIDES_MS));

  const askForHelp = useCallback(
    (code?: string) => {
      const { connection, pairing: unpaired } = connector.state;
      if (unpaired !== null) return setPairingHidden(false);
      if (connection.kind === 'stopped') return setQuestion('stopped');
      prompt.close();
      setLeft(null);
      setAskedAt(Date.now());
      setLooking(NOT_LOOKING);
      connector.requestHelp(code).catch((error: unknown) => {
        setAskedAt(null);
        if (connector.state.connection.kind === 'stopped') setQuestion('stopped');
        else refused(refusalWords(error));
      });
    },
    [connector, refused],
  );

  // Beside the words of help, the programme's picture stands once there is a frame of it.
  const isMoving = playing.kind === 'playing' || playing.kind === 'paused' || playing.kind === 'waiting';
  const picture = playing.kind === 'idle' ? 'none' : isMoving && player.video.readyState >= 2 ? 'shown' : 'coming';
  useHelpEffects(state, help, title !== null, picture === 'shown', connector, player, sounds, () => {
    setAskedAt(null);
    setLooking(({ seenOutcome }) => ({ ...NOT_LOOKING, seenOutcome }));
    setQuestion((standing) => (standing === 'leave' ? null : standing));
  });
  useContextTold(connector, title, playing);

  usePaired(state, (centreName) => {
    setPairingHidden(false);
    tell('good', `This TV is paired with ${centreName}.`);
  });

  const open = (chosen: Title) => {
    setTitle(chosen);
    setBarUntil(Date.now() + BAR_HIDES_MS);
    player.open();
  };
  const toShelf = () => {
    player.close();
    setTitle(null);
    prompt.close();
  };
  const retry = () => {
    if (!breaks.refuses()) player.reload();
  };
  const playPause = () => {
    if (playing.kind === 'failed' || playing.kind === 'idle') retry();
    else if (playing.kind === 'paused') player.play();
    else player.pause();
  };

  const leaveHere = () => setLeft(state.interaction && state.interaction.id);

  const act = (action: HelpAction) => {
    const tasks = state.interaction === null ? [] : state.interaction.tasks;
    switch (action.kind) {
      case 'tryTasks':
        return setLooking({ ...looking, atTasks: true });
      case 'seePlace':
        return setLooking({ ...looking, atTasks: false, again: null });
      case 'look':
        return setLooking({ ...looking, taskId: action.taskId, again: null });
      case 'answerAnew':
        return setLooking({ ...looking, again: action.taskId });
      case 'sayAnew':
        return setLooking({ ...looking, answerAnew: action.after });
      case 'say':
        return say({ type: 'sendMessage', text: action.text });
      case 'outcomeSeen':
        return setLooking({ ...looking, atTasks: true, seenOutcome: action.taskId });
      case 'talk':
        return say({ type: 'askForPerson' });
      case 'answer':
        return say({ type: 'answerTask', taskId: action.taskId, answer: action.answer });
      case 'choose':
        return say({ type: 'answerQuestion', taskId: action.taskId, choice: action.choice }, () =>
          setLooking((then) => ({ ...then, again: null })),
        );
      case 'confirmFixed':
        return say({ type: 'confirmFixed' });
      case 'stillNeedHelp':
        if (tasks.length > 0) setLooking({ ...looking, atTasks: false });
        return say({ type: 'stillNeedHelp' });
      case 'begin':
        return say({ type: 'acceptInvitation' });
      case 'notNow':
        return say({ type: 'declineInvitation' });
      case 'leave':
        return setQuestion('leave');
      case 'keepWaiting':
        return setAskedAt(Date.now());
      case 'goBack':
        return setAskedAt(null);
      case 'dismiss':
        return connector.dismiss();
      case 'askAgain':
        connector.dismiss();
        return askForHelp();
      case 'demo':
        return setPanel(true);
    }
  };

  const back = (): void => {
    if (panel) return setPanel(false);
    if (question !== null) return setQuestion(null);
    if (presses.slow === 'choice') return presses.keepWaiting();
    if (help !== null) {
      const anew =
        (help.kind === 'task' && help.task.id === looking.again) ||
        (help.kind === 'connected' && help.toAnswer !== null && help.toAnswer === looking.answerAnew);
      // From an answer that was to be changed, Back leads to the answer as it is.
      if (anew) return setLooking({ ...looking, again: null, answerAnew: null });
      return act(backFrom(help));
    }
    if (pairing !== null) return setPairingHidden(true);
    if (prompt.shown !== null) return prompt.close();
    if (title !== null) return toShelf();
    setQuestion('close');
  };

  onKeys((key) => {
    if (key === 'back') {
      connector.action('Back');
      back();
      return true;
    }
    const inPlayer =
      title !== null && help === null && pairing === null && prompt.shown === null && !panel && question === null;
    if (!inPlayer) return false;
    const hidden = Date.now() >= barUntil && playing.kind === 'playing';
    setBarUntil(Date.now() + BAR_HIDES_MS);
    if (
      key === 'playPause' ||
      (key === 'play' && playing.kind === 'paused') ||
      (key === 'pause' && playing.kind !== 'paused')
    ) {
      connector.action(playing.kind === 'paused' ? 'Play' : 'Pause');
      playPause();
      return true;
    }
    return hidden;
  });

  const clock = new Date(now);
  const minutes = clock.getMinutes();
  const standing = notice !== null && now < notice.until ? notice : null;
  const stopped = stoppedWords(state.connection.kind === 'stopped' ? state.connection.why : 'closed');
  const noNetwork = state.connection.kind === 'offline' || (state.pairing !== null && state.pairing.offline);
  const titleNow = title || (TITLES[0] as Title);
  return useMemo(
    () => (
      <NavigationContext.Provider value={navigation}>
        <BusyContext.Provider value={presses.busy}>
          {title === null ? (
            <Shelf
              titles={TITLES}
              fault={fault && fault.title}
              clock={`${clock.getHours()}:${minutes < 10 ? '0' : ''}${minutes}`}
              onTitle={open}
              onHelp={() => askForHelp()}
              onDemo={() => setPanel(true)}
            />
          ) : (
            <PlayerBar
              name={title.name}
              kind={playing.kind}
              position={title.watched * 60 + playing.played}
              duration={title.minutes * 60}
              visible={now < barUntil || playing.kind !== 'playing'}
              fault={prompt.shrunk}
              onPlayPause={playPause}
              onHelp={() => askForHelp()}
              onDemo={() => setPanel(true)}
            />
          )}
          {prompt.shown !== null && help === null ? (
            <Prompt
              title={prompt.shown.title}
              onYes={() => askForHelp(prompt.shown?.code)}
              onNo={() => prompt.close()}
            />
          ) : null}
          {pairing === null ? null : <Pairing shown={pairing} onNotNow={() => setPairingHidden(true)} />}
          {help === null ? null : (
            <Help
              screen={help}
              now={now}
              askedFor={askedAt === null ? 0 : now - askedAt}
              offline={offline}
              picture={picture}
              onAction={act}
            />
          )}
          {panel ? (
            <Panel
              broken={broken}
              onBreak={(name) => {
                if (title === null && (name === 'unreachable' || name === 'corrupt' || name === 'key')) open(titleNow);
                breaks.break(name);
                setBroken(name);
                setPanel(false);
              }}
              onMend={() => {
                breaks.mend();
                setBroken(null);
                setPanel(false);
              }}
              onClose={() => setPanel(false)}
            />
          ) : null}
          {question === 'leave' ? (
            <Question
              title="Leave help?"
              text="Your place in the line is given up."
              path={['Help']}
              stay="Stay"
              go="Leave"
              onStay={() => setQuestion(null)}
              onGo={() => {
                setQuestion(null);
                presses.say({ type: 'leave' }, 'leave');
                // Without a network nobody answers: it is left here, and the service hears it later.
                if (offline) leaveHere();
              }}
            />
          ) : null}
          {question === 'close' ? (
            <Question
              title="Close Couchline?"
              path={['Shelf']}
              stay="Stay"
              go="Close"
              onStay={() => setQuestion(null)}
              onGo={() => {
                setQuestion(null);
                onClose();
              }}
            />
          ) : null}
          {question === 'stopped' ? (
            <Question
              title={stopped.title}
              text={stopped.text}
              path={['Help']}
              stay="Go back"
              go={stopped.go}
              onStay={() => setQuestion(null)}
              onGo={() => (stopped.pairs ? onPair() : location.reload())}
            />
          ) : null}
          {presses.slow === 'choice' && question === null ? (
            <Question
              title={SLOW_WORDS}
              text="What you chose is kept, and counts as soon as help has it."
              path={['Help']}
              stay="Keep waiting"
              go="Go back"
              onStay={presses.keepWaiting}
              onGo={() => {
                if (presses.leaves) leaveHere();
                presses.goBack();
              }}
            />
          ) : null}
          {standing !== null ? (
            <Bar kind={standing.kind} words={standing.words} />
          ) : noNetwork ? (
            <Bar
              kind="offline"
              words={
                help === null || state.interaction === null
                  ? 'Not online. We keep trying.'
                  : 'Not online. Your place is kept.'
              }
            />
          ) : presses.slow === 'said' ? (
            <Bar kind="slow" words={SLOW_WORDS} />
          ) : null}
        </BusyContext.Provider>
      </NavigationContext.Provider>
    ),
    [
      now,
      state,
      playing,
      title,
      barUntil,
      prompt.shown,
      prompt.shrunk,
      askedAt,
      looking,
      question,
      panel,
      broken,
      pairingHidden,
      notice,
      presses.busy,
      presses.slow,
      picture,
    ],
  );
}

/** What Back does on each help screen: it steps back or asks, and never destroys. */
function backFrom(help: HelpScreen): HelpAction {
  switch (help.kind) {
    case 'asking':
      return { kind: 'goBack' };
    case 'invited':
      return { kind: 'notNow' };
    case 'ended':
      return { kind: 'dismiss' };
    default:
      return { kind: 'leave' };
  }
}
