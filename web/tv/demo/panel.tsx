/** @jsxImportSource preact */
/** The demo's tool: breaks something for real, or mends it. No part of a TV service. */
import type { VNode } from 'preact';
import { Button, Screen } from '../views/focus.tsx';
import { BREAKS } from './breaks.ts';
import type { BreakName } from './breaks.ts';

interface PanelProps {
  broken: BreakName | null;
  onBreak: (name: BreakName) => void;
  onMend: () => void;
  onClose: () => void;
}

export function Panel({ broken, onBreak, onMend, onClose }: PanelProps): VNode {
  const standing = BREAKS.filter(({ name }) => name === broken)[0];
  return (
    <Screen name="demo" level={4} path={['Demo tools']} class="panel-layer">
      <div class="panel">
        <p class="panel-mark">Demo tools. Not part of the TV service.</p>
        <h1 class="title">Break something</h1>
        <p class="body">
          {standing
            ? `Broken now: ${standing.label}. ${standing.how}`
            : 'It really breaks. Back returns to the picture.'}
        </p>
        <div class="panel-choices">
          {BREAKS.map(({ name, label }, index) => (
            <Button
              key={name}
              id={name}
              label={label}
              first={standing === undefined && index === 0}
              onPress={() => onBreak(name)}
            >
              {name === broken ? <Tick /> : null}
            </Button>
          ))}
        </div>
        <div class="actions">
          <Button id="mend" label="Mend it" first={standing !== undefined} onPress={onMend} />
          <Button id="close" label="Close" tone="quiet" onPress={onClose} />
        </div>
      </div>
    </Screen>
  );
}

function Tick(): VNode {
  return (
    <svg class="tick" viewBox="0 0 36 36" aria-hidden="true">
      <path
        d="M7 19l7 7 15-16"
        fill="none"
        stroke="currentColor"
        stroke-width="5"
        stroke-linecap="round"
        stroke-linejoin="round"
      />
    </svg>
  );
}
