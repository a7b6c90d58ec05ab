import { useMemo, useState } from 'react';
import type { TaskView } from '../../../src/protocol/view.ts';
import type { AgentConnector, AgentState, InteractionView } from '../../connector/types.ts';
import { Icon } from '../parts/Icon.tsx';
import { messageOf, useLoad } from '../parts/load.ts';
import { NotHere } from '../parts/NotHere.tsx';
import { useSay } from '../parts/Words.tsx';
import { navigate } from '../router.ts';
import type { DeskApi } from '../session/desk-api.ts';
import { useShortcuts } from '../shell/shortcuts.ts';
import { diagnosisCommand, diagnosisFromSuggestion } from '../tasks/diagnosis-form.ts';
import type { DiagnosisForm } from '../tasks/diagnosis-form.ts';
import { createNoteStore } from '../wrapup/note-store.ts';
import { Idle } from './Idle.tsx';
import { Invited } from './Invited.tsx';
import { Workspace } from './Workspace.tsx';

interface Props {
  state: AgentState;
  api: DeskApi;
  connector: AgentConnector;
  agentId: string;
  /** From the address; null for whichever is first. */
  interactionId: string | null;
  onReady(): void;
}

/** The interactions that are this agent's now, one of them in front. */
export function WorkPage({ state, api, connector, agentId, interactionId, onReady }: Props) {
  const mine = state.interactions.filter((view) => isAtHand(view));
  const view = mine.find((one) => one.id === interactionId) ?? mine[0] ?? null;
  const wasHere = useWasHere(mine, interactionId);
  if (view === null && interactionId !== null && !wasHere && state.connection.kind === 'online') {
    return (
      <NotHere title="This help is not with you">
        It has ended, or is with somebody else. What was done stands in the history of its TV.
      </NotHere>
    );
  }
  if (view === null) {
    return (
      <Idle
        presence={state.presence?.presence ?? null}
        queues={state.queues}
        clockOffset={state.clockOffset}
        isLive={state.connection.kind === 'online'}
        onReady={onReady}
        onTvs={() => navigate({ page: 'tvs', tvId: null })}
      />
    );
  }
  return (
    <div className="work">
      {mine.length < 2 ? null : (
        <nav className="at-hand" aria-label="With you">
          {mine.map((one) => (
            <button
              key={one.id}
              type="button"
              className="button"
              aria-current={one === view ? 'true' : undefined}
              onClick={() => navigate({ page: 'work', interactionId: one.id })}
            >
              <Icon name={one.status.kind === 'wrapUp' ? 'edit' : 'tv'} />
              {one.tv.name}
              {one.status.kind === 'wrapUp' ? ': wrap-up' : ''}
            </button>
          ))}
        </nav>
      )}
      {view.status.kind === 'invited' ? (
        <Invitation view={view} connector={connector} clockOffset={state.clockOffset} />
      ) : (
        <AtHand key={view.id} {...{ view, api, connector, agentId }} clockOffset={state.clockOffset} />
      )}
    </div>
  );
}

/** Whether this help was at hand since the page was opened: then its end is no news. */
function useWasHere(mine: readonly InteractionView[], interactionId: string | null): boolean {
  const [seen, setSeen] = useState<string | null>(null);
  if (seen !== interactionId && mine.some(({ id }) => id === interactionId)) setSeen(interactionId);
  return interactionId !== null && seen === interactionId;
}

interface InvitationProps {
  view: InteractionView;
  connector: AgentConnector;
  clockOffset: number;
}

function Invitation({ view, connector, clockOffset }: InvitationProps) {
  const say = useSay();
  const [isEnding, setEnding] = useState(false);
  if (view.status.kind !== 'invited') return null;
  const withdraw = async () => {
    setEnding(true);
    try {
      await connector.say(view.id, { type: 'end' });
    } catch (error) {
      setEnding(false);
      say({ tone: 'bad', text: `The offer stands. ${messageOf(error)}` });
    }
  };
  const { expiresAt } = view.status;
  return <Invited {...{ view, expiresAt, clockOffset, isEnding }} onWithdraw={() => void withdraw()} />;
}

function isAtHand(view: InteractionView): boolean {
  const { kind } = view.status;
  return kind === 'active' || kind === 'wrapUp' || kind === 'invited';
}

interface AtHandProps {
  view: InteractionView;
  api: DeskApi;
  connector: AgentConnector;
  agentId: string;
  clockOffset: number;
}

function AtHand({ view, api, connector, agentId, clockOffset }: AtHandProps) {
  const say = useSay();
  const [notes] = useState(() => createNoteStore(agentId, keeper(), Date.now));
  const history = useLoad(view.tv.tvId, () => api.history(view.tv.tvId));
  // What fits changes with the fault; what was sent changes with every diagnosis.
  const fitsFor = `${view.id} ${view.request.fault?.code ?? ''}`;
  const suggestions = useLoad(fitsFor, () => api.suggestions(view.id));
  const sentIds = useMemo(() => sentEntries(view), [view]);

  const send = (form: DiagnosisForm) => connector.say(view.id, diagnosisCommand(form));
  const sendNow = async (form: DiagnosisForm) => {
    try {
      await send(form);
    } catch (error) {
      say({ tone: 'bad', text: `Not sent. ${messageOf(error)}` });
    }
  };
  const end = async () => {
    if (view.status.kind !== 'active') return;
    try {
      await connector.say(view.id, { type: 'end' });
    } catch (error) {
      say({ tone: 'bad', text: `Help did not end. ${messageOf(error)}` });
    }
  };
  useShortcuts({ KeyE: () => void end() });

  const withdraw = async (task: TaskView) => {
    try {
      await connector.say(view.id, { type: 'withdrawTask', taskId: task.id });
    } catch (error) {
      say({ tone: 'bad', text: `The task stays on the TV. ${messageOf(error)}` });
      return;
    }
    const explanation = view.explanations.find((one) => one.diagnosisId === task.diagnosisId)?.text ?? task.title;
    const again = diagnosisFromSuggestion({
      entryId: '',
      name: '',
      why: '',
      sent: true,
      explanation,
      tasks: [task],
    });
    say({
      tone: 'ok',
      text: `Taken back: ${task.title}`,
      action: { label: 'Undo', run: () => void sendNow({ ...again, entryId: null }) },
    });
  };

  return (
    <Workspace
      view={view}
      clockOffset={clockOffset}
      history={history.loaded}
      suggestions={
        suggestions.loaded.kind === 'ready'
          ? {
              kind: 'ready',
              value: suggestions.loaded.value.map((one) => ({ ...one, sent: one.sent || sentIds.has(one.entryId) })),
            }
          : suggestions.loaded
      }
      notes={notes}
      onHistoryAgain={history.reload}
      onSuggestionsAgain={suggestions.reload}
      onWriting={(writing) => connector.live(view.id, { writing })}
      onMessage={(text) => connector.say(view.id, { type: 'sendMessage', text })}
      onSend={send}
      onSendNow={sendNow}
      onEnd={end}
      onWithdraw={(task) => void withdraw(task)}
      onSave={async (disposition, note, then) => {
        // Away comes first, so that no offer slips in between; ready comes last, so that none comes early.
        if (then === 'away') await connector.setPresence({ kind: 'away', reason: 'Short break' });
        await connector.say(view.id, { type: 'close', disposition, note });
        say({ tone: 'ok', text: 'Note saved.' });
        if (then === 'ready') {
          await connector.setPresence({ kind: 'ready' }).catch((error: unknown) => {
            say({ tone: 'bad', text: `The note is saved, but you are not ready yet. ${messageOf(error)}` });
          });
        }
      }}
    />
  );
}

function sentEntries(view: InteractionView): Set<string> {
  const ids = new Set<string>();
  for (const { event } of view.timeline) {
    if (event.type === 'diagnosisGiven' && event.diagnosis.source.kind === 'catalogue') {
      ids.add(event.diagnosis.source.entryId);
    }
  }
  return ids;
}

function keeper(): Storage | null {
  try {
    return localStorage;
  } catch {
    return null;
  }
}
