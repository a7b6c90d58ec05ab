import type { ReactNode } from 'react';
import { Tab, TabList, TabPanel, Tabs } from 'react-aria-components';
import type { PastInteraction, Suggestion } from '../../../src/protocol/api.ts';
import type { Disposition } from '../../../src/interaction/interaction.ts';
import type { TaskView } from '../../../src/protocol/view.ts';
import type { InteractionView } from '../../connector/types.ts';
import { useNow } from '../parts/clock.ts';
import type { Loaded } from '../parts/load.ts';
import { useWide } from '../parts/wide.ts';
import type { DiagnosisForm } from '../tasks/diagnosis-form.ts';
import type { NoteStore } from '../wrapup/note-store.ts';
import { WrapUpForm } from '../wrapup/WrapUpForm.tsx';
import type { AfterWrapUp } from '../wrapup/WrapUpForm.tsx';
import { ClosureBanner } from './ClosureBanner.tsx';
import { EndBar } from './EndBar.tsx';
import { Guide } from './Guide.tsx';
import { MessageBox } from './MessageBox.tsx';
import { Timeline } from './Timeline.tsx';
import { TvPane } from './TvPane.tsx';
import { Writing } from './Writing.tsx';

/** From this width on the three panes stand side by side; below, the guide and the talk are tabs. */
const THREE_PANES_PX = 1280;
/** Below this one pane is all there is room for. */
const TWO_PANES_PX = 900;

export interface WorkspaceProps {
  /** Active or in wrap-up. */
  view: InteractionView;
  clockOffset: number;
  history: Loaded<PastInteraction[]>;
  suggestions: Loaded<Suggestion[]>;
  notes: NoteStore;
  onHistoryAgain(): void;
  onSuggestionsAgain(): void;
  /** Those that resolve do so when it is committed. */
  onMessage(text: string): Promise<void>;
  /** At every change of a message, and false once it is empty or sent. */
  onWriting(is: boolean): void;
  onSend(form: DiagnosisForm): Promise<void>;
  onEnd(): Promise<void>;
  onSave(disposition: Disposition, note: string, then: AfterWrapUp): Promise<void>;
  /** Says itself when it was not taken. */
  onSendNow(form: DiagnosisForm): Promise<void>;
  onWithdraw(task: TaskView): void;
}

/** One interaction on one screen: the TV, the talk, and the guide or the wrap-up. */
export function Workspace(props: WorkspaceProps) {
  const { view, clockOffset } = props;
  const now = useNow(clockOffset, 30_000);
  const three = useWide(THREE_PANES_PX);
  const two = useWide(TWO_PANES_PX);
  const wrappingUp = view.status.kind === 'wrapUp';

  const tv = <TvPane view={view} history={props.history} onHistoryAgain={props.onHistoryAgain} now={now} />;
  const talk = (
    <section className="pane talk-pane" aria-label="Conversation" data-pane="" tabIndex={-1}>
      <Timeline view={view} />
      {wrappingUp ? null : (
        <>
          <Writing view={view} />
          <MessageBox interactionId={view.id} onSend={props.onMessage} onWriting={props.onWriting} />
        </>
      )}
    </section>
  );
  const guide = wrappingUp ? (
    <section className="pane guide-pane" aria-label="Wrap-up" data-pane="" tabIndex={-1}>
      <div className="scroll">
        <WrapUpForm key={view.id} view={view} notes={props.notes} clockOffset={clockOffset} onSave={props.onSave} />
      </div>
    </section>
  ) : (
    <section className="pane guide-pane" aria-label="Guide" data-pane="" tabIndex={-1}>
      <Guide
        view={view}
        suggestions={props.suggestions}
        onSuggestionsAgain={props.onSuggestionsAgain}
        onSend={props.onSend}
        onSendNow={props.onSendNow}
        onWithdraw={props.onWithdraw}
      />
    </section>
  );
  const last: Pane = wrappingUp
    ? { id: 'wrapUp', label: 'Wrap-up', pane: guide }
    : { id: 'guide', label: 'Guide', pane: guide };
  const talkTab: Pane = { id: 'talk', label: 'Conversation', pane: talk };

  return (
    <div className={`workspace ${three ? 'three' : two ? 'two' : 'one'}`}>
      <ClosureBanner view={view} onEnd={() => void props.onEnd()} />
      <div className="panes">
        {three ? (
          <>
            {tv}
            {talk}
            {guide}
          </>
        ) : two ? (
          <>
            {tv}
            <PaneTabs key={last.id} panes={wrappingUp ? [last, talkTab] : [talkTab, last]} />
          </>
        ) : (
          <PaneTabs
            key={last.id}
            panes={
              wrappingUp
                ? [last, talkTab, { id: 'tv', label: 'TV', pane: tv }]
                : [talkTab, last, { id: 'tv', label: 'TV', pane: tv }]
            }
          />
        )}
      </div>
      {view.status.kind === 'active' ? (
        <EndBar since={view.status.since} clockOffset={clockOffset} onEnd={props.onEnd} />
      ) : null}
    </div>
  );
}

interface Pane {
  id: string;
  label: string;
  pane: ReactNode;
}

function PaneTabs({ panes }: { panes: readonly Pane[] }) {
  return (
    <Tabs className="pane-tabs">
      <TabList aria-label="Panes" className="segments">
        {panes.map(({ id, label }) => (
          <Tab key={id} id={id}>
            {label}
          </Tab>
        ))}
      </TabList>
      {panes.map(({ id, pane }) => (
        <TabPanel key={id} id={id} className="tab-panel">
          {pane}
        </TabPanel>
      ))}
    </Tabs>
  );
}
