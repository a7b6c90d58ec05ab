import { Button } from 'react-aria-components';
import type { Suggestion } from '../../../src/protocol/api.ts';
import type { TaskView } from '../../../src/protocol/view.ts';
import type { InteractionView } from '../../connector/types.ts';
import { Icon } from '../parts/Icon.tsx';
import { useKept } from '../parts/kept.ts';
import { Loading } from '../parts/Loading.tsx';
import type { Loaded } from '../parts/load.ts';
import { Notice } from '../parts/Notice.tsx';
import { count } from '../parts/time.ts';
import { diagnosisFromSuggestion, emptyDiagnosis } from '../tasks/diagnosis-form.ts';
import type { DiagnosisForm } from '../tasks/diagnosis-form.ts';
import { DiagnosisEditor } from './DiagnosisEditor.tsx';
import { SentTasks } from './SentTasks.tsx';
import { parted, worthSending } from './repeats.ts';
import { SuggestionCard } from './SuggestionCard.tsx';

interface Props {
  view: InteractionView;
  suggestions: Loaded<Suggestion[]>;
  onSuggestionsAgain(): void;
  /** Resolves when committed. */
  onSend(form: DiagnosisForm): Promise<void>;
  /** Sends as it is; says itself when it was not taken. */
  onSendNow(form: DiagnosisForm): Promise<void>;
  onWithdraw(task: TaskView): void;
}

/** What could help, what was sent, and how it stands. */
export function Guide(props: Props) {
  const { view, suggestions, onSend, onSendNow } = props;
  const [draft, keepDraft] = useKept<DiagnosisForm>(`diagnosis.${view.id}`);
  const [notThese, keepNotThese] = useKept<readonly string[]>(`notThese.${view.id}`);
  const canSend = view.status.kind === 'active';

  if (draft !== null && canSend) {
    return (
      <DiagnosisEditor
        key="editor"
        form={draft}
        onChange={keepDraft}
        onCancel={() => keepDraft(null)}
        onSend={async (form) => {
          await onSend(form);
          keepDraft(null);
        }}
      />
    );
  }
  return (
    <>
      <div className="scroll" tabIndex={0} role="group" aria-label="Guide">
        <section className="block" aria-label="On the TV">
          <h3>On the TV</h3>
          <SentTasks tasks={view.tasks} canWithdraw={canSend} onWithdraw={props.onWithdraw} />
        </section>
        <section className="block" aria-label="Suggested">
          <h3>Suggested</h3>
          <Suggestions
            suggestions={suggestions}
            tasks={view.tasks}
            canSend={canSend}
            notThese={notThese ?? []}
            onAgain={props.onSuggestionsAgain}
            onSendNow={onSendNow}
            onEdit={keepDraft}
            onNotThese={(ids) => keepNotThese(ids.length === 0 ? null : ids)}
          />
        </section>
      </div>
      {canSend ? (
        // Below what scrolls: suggestions that arrive do not move it from under the pointer.
        <section className="block own-words" aria-label="In your own words">
          <h3>In your own words</h3>
          <div className="actions">
            <Button className="button" onPress={() => keepDraft(emptyDiagnosis(false))}>
              <Icon name="edit" />
              Write tasks
            </Button>
            <Button className="button" onPress={() => keepDraft(emptyDiagnosis(true))}>
              <Icon name="question" />
              Ask a question
            </Button>
          </div>
        </section>
      ) : null}
    </>
  );
}

function Suggestions(props: {
  suggestions: Loaded<Suggestion[]>;
  /** Those that were sent. */
  tasks: readonly TaskView[];
  canSend: boolean;
  /** Ids of entries that the agent put aside for this talk. */
  notThese: readonly string[];
  onAgain(): void;
  onSendNow(form: DiagnosisForm): Promise<void>;
  onEdit(form: DiagnosisForm): void;
  onNotThese(ids: readonly string[]): void;
}) {
  const { suggestions, tasks, canSend, notThese } = props;
  if (suggestions.kind === 'loading') return <Loading again={props.onAgain} />;
  if (suggestions.kind === 'failed') {
    return (
      <Notice
        tone="bad"
        actions={
          <Button className="button" onPress={props.onAgain}>
            Read again
          </Button>
        }
      >
        {suggestions.message}
      </Notice>
    );
  }
  const shown = worthSending(suggestions.value, tasks).filter((one) => !notThese.includes(one.entryId));
  const first = shown.find((one) => !one.sent);
  return (
    <>
      {suggestions.value.length === 0 ? (
        <p className="quiet">The catalogue has nothing for this fault. Write tasks or ask a question below.</p>
      ) : null}
      {shown.map((suggestion) => {
        const { fresh, repeated } = parted(suggestion, tasks);
        const form = diagnosisFromSuggestion({ ...suggestion, tasks: suggestion.sent ? suggestion.tasks : fresh });
        return (
          <SuggestionCard
            key={suggestion.entryId}
            suggestion={suggestion}
            repeated={suggestion.sent ? [] : repeated}
            isFirst={suggestion === first}
            canSend={canSend}
            onSend={() => props.onSendNow(form)}
            onEdit={() => props.onEdit(form)}
            onNotThis={() => props.onNotThese([...notThese, suggestion.entryId])}
          />
        );
      })}
      {notThese.length === 0 ? null : (
        <Button className="button plain" onPress={() => props.onNotThese([])}>
          Show {count(notThese.length, 'suggestion')} put aside
        </Button>
      )}
    </>
  );
}
