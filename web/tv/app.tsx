/** @jsxImportSource preact */
/** The demo TV service: a shelf and a player of its own, with help from the connector laid over them. */
import type { VNode } from 'preact';
import { useCallback, useEffect, useMemo, useRef, useState } from 'preact/hooks';
import type { TvConnector, TvState } from '../connector/types.ts';
import type { BreakName, Breaks } from './demo/breaks.ts';
import { Panel } from './demo/panel.tsx';
import { useContextTold, useHelpEffects } from './effects.ts';
import type { Key } from './input/keys.ts';
import type { Navigation } from './input/navigation.ts';
import type { Player, PlayerState } from './player/player.ts';
import { faultToAsk, keepAsked, PROMPT_SHRINKS_MS, readAsked } from './prompt.ts';
import type { Asked } from './prompt.ts';
import { Shelf } from './shelf/shelf.tsx';
import { TITLES } from './shelf/titles.ts';
import type { Title } from './shelf/titles.ts';
import type { Sounds } from './sounds.ts';
import { helpScreen } from './story.ts';
import type { HelpScreen, Looking } from './story.ts';
import { NavigationContext } from './views/focus.tsx';
import { Help } from './views/help.tsx';
import type { HelpAction } from './views/help-frame.tsx';
import { Bar, Pairing, Prompt, Question } from './views/layers.tsx';
import { PlayerBar } from './views/player-bar.tsx';

const BAR_HIDES_MS = 5000;
const NOTICE_MS = 8000;
/** A press that the service has not answered yet is not taken twice; after this it is. */
const BUSY_MS = 5000;
const NOT_LOOKING: Looking = { atTasks: false, taskId: null, seenOutcome: null };

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
}

export function App(props: AppProps): VNode {
  const { connector, navigation, player, breaks, sounds, store, onKeys, onClose } = props;
  const [state, setState] = useState<TvState>(connector.state);
  const [playing, setPlaying] = useState<PlayerState>(player.state);
  const [now, setNow] = useState(Date.now());
  const [title, setTitle] = useState<Title | null>(null);
  const [barUntil, setBarUntil] = useState(0);
  const [asked, setAsked] = useState<Asked>(() => readAsked(store, Date.now()));
  const [prompt, setPrompt] = useState<{ code: string; title: string; since: number } | null>(null);
  const [shrunk, setShrunk] = useState<string | null>(null);
  const [askedAt, setAskedAt] = useState<number | null>(null);
  const [looking, setLooking] = useState<Looking>(NOT_LOOKING);
  const [question, setQuestion] = useState<'leave' | 'close' | 'stopped' | null>(null);
  const [panel, setPanel] = useState(false);
  const [broken, setBroken] = useState<BreakName | null>(breaks.broken);
  const [pairingHidden, setPairingHidden] = useState(false);
  const [notice, setNotice] = useState<{ words: string; until: number } | null>(null);
  const busyUntil = useRef(0);

  useEffect(() => connector.subscribe(setState), [connector]);
  useEffect(() => player.subscribe(setPlaying), [player]);
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 1000);
    return () => clearInterval(timer);
  }, []);

  const help = helpScreen(state, looking, askedAt !== null, now);
  const pairing = state.pairing !== null && !pairingHidden && help === null ? state.pairing : null;
  const offline = state.connection.kind === 'offline' || state.connection.kind === 'connecting';
  const fault = state.faults[0] || null;

  const say = useCallback(
    (command: Parameters<TvConnector['say']>[0]) => {
      if (Date.now() < busyUntil.current) return;
      busyUntil.current = Date.now() + BUSY_MS;
      void connector
        .say(command)
        .catch((error: Error) => {
          sounds.error();
          setNotice({ words: error.message, until: Date.now() + NOTICE_MS });
        })
        .then(() => {
          busyUntil.current = 0;
        });
    },
    [connector, sounds],
  );

  const askForHelp = useCallback(
    (code?: string) => {
      const { connection, pairing: unpaired } = connector.state;
      if (unpaired !== null) return setPairingHidden(false);
      if (connection.kind === 'stopped') return setQuestion('stopped');
      setPrompt(null);
      setAskedAt(Date.now());
      setLooking(NOT_LOOKING);
      connector.requestHelp(code).catch((error: Error) => {
        sounds.error();
        setAskedAt(null);
        setNotice({ words: error.message, until: Date.now() + NOTICE_MS });
      });
    },
    [connector, sounds],
  );

  useHelpEffects(state, help, title !== null, playing.kind !== 'idle', connector, player, sounds, () => {
    setAskedAt(null);
    setLooking(({ seenOutcome }) => ({ ...NOT_LOOKING, seenOutcome }));
    setQuestion((standing) => (standing === 'leave' ? null : standing));
  });
  useContextTold(connector, title, playing);

  // Screen 1: once per fault per 30 minutes; unanswered for 60 s it shrinks into the player bar.
  useEffect(() => {
    if (prompt !== null) {
      if (now - prompt.since < PROMPT_SHRINKS_MS) return;
      setShrunk(prompt.title);
      setPrompt(null);
      setBarUntil(now + BAR_HIDES_MS);
      return;
    }
    if (title === null || help !== null || pairing !== null || panel || question !== null) return;
    const next = faultToAsk(state.faults, asked, now);
    if (next === null) return;
    const kept = { ...asked, [next.code]: now };
    setAsked(kept);
    keepAsked(store, kept);
    setPrompt({ code: next.code, title: next.title, since: now });
    sounds.error();
  }, [now, state.faults, title, help === null, pairing === null, panel, question, prompt]);
  useEffect(() => {
    if (fault === null) setShrunk(null);
  }, [fault]);

  const open = (chosen: Title) => {
    setTitle(chosen);
    setBarUntil(Date.now() + BAR_HIDES_MS);
    player.open();
  };
  const toShelf = () => {
    player.close();
    setTitle(null);
    setPrompt(null);
  };
  const retry = () => {
    if (!breaks.refuses()) player.reload();
  };
  const playPause = () => {
    if (playing.kind === 'failed' || playing.kind === 'idle') retry();
    else if (playing.kind === 'paused') player.play();
    else player.pause();
  };

  const act = (action: HelpAction) => {
    const tasks = state.interaction === null ? [] : state.interaction.tasks;
    switch (action.kind) {
      case 'tryTasks':
        return setLooking({ ...looking, atTasks: true });
      case 'seePlace':
        return setLooking({ ...looking, atTasks: false });
      case 'look':
        return setLooking({ ...looking, taskId: action.taskId });
      case 'outcomeSeen':
        return setLooking({ ...looking, atTasks: true, seenOutcome: action.taskId });
      case 'talk':
        return say({ type: 'askForPerson' });
      case 'answer':
        return say({ type: 'answerTask', taskId: action.taskId, answer: action.answer });
      case 'choose':
        return say({ type: 'answerQuestion', taskId: action.taskId, choice: action.choice });
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
    if (help !== null) {
      const action = backFrom(help);
      return act(action);
    }
    if (pairing !== null) return setPairingHidden(true);
    if (prompt !== null) return setPrompt(null);
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
      title !== null && help === null && pairing === null && prompt === null && !panel && question === null;
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
  const standing = notice !== null && now < notice.until ? notice.words : null;
  const titleNow = title || (TITLES[0] as Title);
  return useMemo(
    () => (
      <NavigationContext.Provider value={navigation}>
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
            fault={shrunk}
            onPlayPause={playPause}
            onHelp={() => askForHelp()}
            onDemo={() => setPanel(true)}
          />
        )}
        {prompt !== null && help === null ? (
          <Prompt title={prompt.title} onYes={() => askForHelp(prompt.code)} onNo={() => setPrompt(null)} />
        ) : null}
        {pairing === null ? null : <Pairing shown={pairing} onNotNow={() => setPairingHidden(true)} />}
        {help === null ? null : (
          <Help
            screen={help}
            now={now}
            askedFor={askedAt === null ? 0 : now - askedAt}
            offline={offline}
            picture={playing.kind !== 'idle'}
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
              say({ type: 'leave' });
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
            title="Help does not know this TV."
            text={state.connection.kind === 'stopped' ? state.connection.message : ''}
            path={['Help']}
            stay="Go back"
            go="Try again"
            onStay={() => setQuestion(null)}
            onGo={() => location.reload()}
          />
        ) : null}
        {standing !== null ? <Bar kind="notice" words={standing} /> : null}
        {standing === null && state.connection.kind === 'offline' ? (
          <Bar
            kind="offline"
            words={state.interaction === null ? 'Not online. We keep trying.' : 'Not online. Your place is kept.'}
          />
        ) : null}
      </NavigationContext.Provider>
    ),
    [
      now,
      state,
      playing,
      title,
      barUntil,
      prompt,
      shrunk,
      askedAt,
      looking,
      question,
      panel,
      broken,
      pairingHidden,
      notice,
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
