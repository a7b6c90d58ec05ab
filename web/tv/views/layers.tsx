/** @jsxImportSource preact */
/** What comes over another screen: the fault prompt (screen 1), small questions, pairing. */
import type { VNode } from 'preact';
import type { PairingShown } from '../../connector/types.ts';
import { Button, Screen } from './focus.tsx';
import { Sign } from './pictures.tsx';
import type { SignName } from './pictures.tsx';

export function Prompt({ title, onYes, onNo }: { title: string; onYes: () => void; onNo: () => void }): VNode {
  return (
    <Screen name="prompt" level={2} path={['Player', 'Help prompt']} class="prompt-layer">
      <div class="prompt">
        <div>
          <h1 class="title">{title}</h1>
          <p class="body">Do you need help?</p>
        </div>
        <div class="actions">
          <Button id="yes" label="Yes, get help" first onPress={onYes} />
          <Button id="no" label="No, keep watching" onPress={onNo} />
        </div>
      </div>
    </Screen>
  );
}

interface QuestionProps {
  /** "Leave help?" */
  title: string;
  text?: string;
  path: string[];
  /** The safe answer, which has the focus. */
  stay: string;
  go: string;
  onStay: () => void;
  onGo: () => void;
}

export function Question({ title, text, path, stay, go, onStay, onGo }: QuestionProps): VNode {
  return (
    <Screen name={`question:${title}`} level={5} path={path.concat(title)} class="question-layer">
      <div class="question">
        <h1 class="title">{title}</h1>
        {text ? <p class="body">{text}</p> : null}
        <div class="actions">
          <Button id="stay" label={stay} first onPress={onStay} />
          <Button id="go" label={go} onPress={onGo} />
        </div>
      </div>
    </Screen>
  );
}

export function Pairing({ shown, onNotNow }: { shown: PairingShown; onNotNow: () => void }): VNode {
  return (
    <Screen name="pairing" level={3} path={['Pair this TV']} class="help">
      <div class="help-head">
        <div class="help-where">
          <Sign name="help" size="small" />
          <span>Pair this TV</span>
        </div>
      </div>
      <div class={`help-body${shown.offline ? ' is-dimmed' : ''}`}>
        <div class="help-main pairing">
          <h1 class="title">Tell your help line this code</h1>
          <div class="user-code">{shown.userCode}</div>
          <p class="body">They type it in, and this TV is paired.</p>
          <p class="body">
            Somebody who works there can do it from here, at <b class="address">{shown.address}</b>
          </p>
          <p class="small">When the code is used up, a new one comes by itself.</p>
        </div>
      </div>
      <div class="actions">
        <Button id="not-now" label="Not now" first onPress={onNotNow} />
      </div>
    </Screen>
  );
}

export type BarKind = 'offline' | 'notice' | 'good' | 'slow';

const BAR_SIGNS: Record<BarKind, SignName> = { offline: 'offline', notice: 'failed', good: 'verified', slow: 'wait' };

/** "Not online. Your place is kept.", why something was not taken, what was done, what takes long. */
export function Bar({ kind, words }: { kind: BarKind; words: string }): VNode {
  return (
    <div class={`status-bar is-${kind}`} role="status">
      <Sign name={BAR_SIGNS[kind]} size="small" />
      <span>{words}</span>
    </div>
  );
}
