import { useEffect, useRef, useState } from 'react';
import { Form, Label, TextArea, TextField } from 'react-aria-components';
import { BusyButton } from '../parts/BusyButton.tsx';
import { Icon } from '../parts/Icon.tsx';
import { useKept } from '../parts/kept.ts';
import { messageOf } from '../parts/load.ts';
import { useSlow } from '../parts/Slow.tsx';

/** Longest message, in characters. */
const LIMIT = 300;

interface Props {
  interactionId: string;
  /** Resolves when committed. */
  onSend(text: string): Promise<void>;
  /** At every change, and false once it is empty or sent. */
  onWriting(is: boolean): void;
}

/** Has the first focus of the workspace. Enter sends, Shift+Enter starts a new line. */
export function MessageBox({ interactionId, onSend, onWriting }: Props) {
  const [kept, keep] = useKept<string>(`message.${interactionId}`);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<string | null>(null);
  const box = useRef<HTMLTextAreaElement>(null);
  const text = kept ?? '';
  const isSlow = useSlow(busy);
  const over = text.trim().length - LIMIT;

  useEffect(() => {
    // Only from where nothing is being typed.
    const active = document.activeElement;
    const typing = active instanceof HTMLElement && active.matches('input, textarea, [contenteditable]');
    if (!typing) box.current?.focus({ preventScroll: true });
  }, [interactionId]);

  const send = async () => {
    const ready = text.trim();
    if (ready === '' || over > 0 || busy) return;
    setBusy(true);
    setError(null);
    onWriting(false);
    try {
      await onSend(ready);
      keep(null);
    } catch (failure) {
      setError(`Not sent. ${messageOf(failure)}`);
    }
    setBusy(false);
    box.current?.focus();
  };

  return (
    <Form
      className="message-box"
      onSubmit={(event) => {
        event.preventDefault();
        void send();
      }}
    >
      <TextField
        className="field"
        value={text}
        onChange={(written) => {
          keep(written);
          onWriting(written.trim() !== '');
        }}
        isInvalid={over > 0 || error !== null}
        aria-describedby="message-help"
      >
        <Label className="hidden-text">Message to the TV</Label>
        <TextArea
          ref={box}
          rows={2}
          placeholder="Write a message"
          onKeyDown={(event) => {
            if (event.key !== 'Enter' || event.shiftKey || event.nativeEvent.isComposing) return;
            event.preventDefault();
            void send();
          }}
        />
      </TextField>
      <BusyButton type="submit" className="button primary" isDisabled={text.trim() === '' || over > 0} isBusy={busy}>
        <Icon name="send" />
        Send
      </BusyButton>
      <p id="message-help" className={over > 0 || error !== null ? 'field-error' : 'quiet small'} role="status">
        {error ??
          (over > 0
            ? `${LIMIT} characters at most. You have ${LIMIT + over}.`
            : isSlow
              ? 'This is taking longer than usual. Your message is kept.'
              : 'Shown on the TV. Everyone in the room can read it.')}
      </p>
    </Form>
  );
}
