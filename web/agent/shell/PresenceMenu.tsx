import { useState } from 'react';
import { Button, Form, Header, Menu, MenuItem, MenuSection, MenuTrigger, Popover } from 'react-aria-components';
import type { Presence } from '../../../src/agent/agent.ts';
import { AppDialog } from '../parts/AppDialog.tsx';
import { Field } from '../parts/Field.tsx';
import { Icon } from '../parts/Icon.tsx';
import { AWAY_REASONS, presenceWords, REASON_LIMIT } from './presence-words.ts';

type Wish = { kind: 'ready' } | { kind: 'away'; reason: string };

interface Props {
  presence: Presence | null;
  isDisabled: boolean;
  onWish(wish: Wish): void;
}

export function PresenceMenu({ presence, isDisabled, onWish }: Props) {
  const [asking, setAsking] = useState(false);
  const [reason, setReason] = useState('');
  const words = presenceWords(presence);
  const missed = presence?.kind === 'notAnswering';
  const submit = () => {
    if (reason.trim() === '') return;
    onWish({ kind: 'away', reason: reason.trim() });
    setAsking(false);
    setReason('');
  };
  return (
    <>
      {missed ? (
        <Button className="button primary" isDisabled={isDisabled} onPress={() => onWish({ kind: 'ready' })}>
          Be ready
        </Button>
      ) : null}
      <MenuTrigger>
        <Button
          className={`button presence ${words.tone}`}
          isDisabled={isDisabled}
          aria-label={`Presence: ${words.word}`}
        >
          <Icon name={words.icon} />
          <span>{words.word}</span>
          <Icon name="caret" />
        </Button>
        <Popover className="popover">
          <Menu
            aria-label="Presence"
            onAction={(key) => {
              if (key === 'ready') onWish({ kind: 'ready' });
              else if (key === 'other') setAsking(true);
              else onWish({ kind: 'away', reason: String(key) });
            }}
          >
            <MenuItem id="ready" className="item" textValue="Ready">
              <Icon name="check" />
              Ready
            </MenuItem>
            <MenuSection>
              <Header>Away</Header>
              {AWAY_REASONS.map((one) => (
                <MenuItem key={one} id={one} className="item" textValue={one}>
                  <Icon name="away" />
                  {one}
                </MenuItem>
              ))}
              <MenuItem id="other" className="item" textValue="Another reason">
                <Icon name="edit" />
                Another reason…
              </MenuItem>
            </MenuSection>
          </Menu>
        </Popover>
      </MenuTrigger>
      <AppDialog title="Away" isOpen={asking} onClose={() => setAsking(false)}>
        <Form
          onSubmit={(event) => {
            event.preventDefault();
            submit();
          }}
        >
          <Field
            label="Why are you away?"
            hint="Your supervisor sees it."
            value={reason}
            onChange={(value) => setReason(value.slice(0, REASON_LIMIT))}
            autoFocus
          />
          <div className="actions">
            <Button type="submit" className="button primary" isDisabled={reason.trim() === ''}>
              Set to away
            </Button>
            <Button className="button" onPress={() => setAsking(false)}>
              Cancel
            </Button>
          </div>
        </Form>
      </AppDialog>
    </>
  );
}
