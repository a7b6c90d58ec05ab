import { useState } from 'react';
import { Button, Disclosure, DisclosurePanel, Heading } from 'react-aria-components';
import { BusyButton } from '../parts/BusyButton.tsx';
import type { Suggestion } from '../../../src/protocol/api.ts';
import { Icon } from '../parts/Icon.tsx';
import { checkWords } from './task-words.ts';

interface Props {
  suggestion: Suggestion;
  /** Those of its tasks that stand on the TV already: they are shown and not sent again. */
  repeated: readonly Suggestion['tasks'][number][];
  isFirst: boolean;
  canSend: boolean;
  /** Resolves when committed, and says itself when it is not. */
  onSend(): Promise<void>;
  onEdit(): void;
  onNotThis(): void;
}

/** A diagnosis from the catalogue, with why it fits. */
export function SuggestionCard({ suggestion, repeated, isFirst, canSend, onSend, onEdit, onNotThis }: Props) {
  const { name, why, explanation, tasks, sent } = suggestion;
  const [busy, setBusy] = useState(false);
  const [open, setOpen] = useState(isFirst && !sent);
  return (
    <Disclosure className="card suggestion" isExpanded={open} onExpandedChange={setOpen}>
      <Heading level={4}>
        <Button slot="trigger" className="suggestion-head">
          <Icon name="caret" />
          <span>{name}</span>
          {sent ? (
            <span className="badge info">
              <Icon name="send" />
              Sent
            </span>
          ) : null}
        </Button>
      </Heading>
      <p className="why-line">
        <span className="quiet">Why: </span>
        {why}
      </p>
      <DisclosurePanel>
        <div className="suggestion-body">
          <p className="quoted">{explanation}</p>
          <ol className="suggested-tasks">
            {tasks.map((task, i) => (
              <li key={i}>
                <span className={repeated.includes(task) ? 'quiet' : ''}>{task.title}</span>
                {repeated.includes(task) ? (
                  <span className="quiet small">On the TV already, not sent again</span>
                ) : null}
                {task.check === undefined ? null : <span className="quiet small">The TV {checkWords(task.check)}</span>}
                {task.choices === undefined ? null : <span className="quiet small">{task.choices.join(' · ')}</span>}
              </li>
            ))}
          </ol>
          <div className="actions">
            <BusyButton
              className={`button ${isFirst && !sent ? 'primary' : ''}`}
              isDisabled={!canSend}
              isBusy={busy}
              onPress={() => {
                setBusy(true);
                void onSend().finally(() => setBusy(false));
              }}
            >
              {sent ? 'Send again' : tasks.length - repeated.length === 1 ? 'Send task' : 'Send tasks'}
            </BusyButton>
            <Button className="button" isDisabled={!canSend} onPress={onEdit}>
              Edit first
            </Button>
            {sent ? null : (
              <Button className="button plain" onPress={onNotThis}>
                Not this
              </Button>
            )}
          </div>
        </div>
      </DisclosurePanel>
    </Disclosure>
  );
}
