/** @jsxImportSource preact */
/** One row of titles, the next one half visible, and "Help" always last. */
import type { VNode } from 'preact';
import { useState } from 'preact/hooks';
import { Button, Screen, useFocusable } from '../views/focus.tsx';
import { Sign } from '../views/pictures.tsx';
import { Art } from './art.tsx';
import type { Title } from './titles.ts';

/** A card and the gap after it, in tens of design pixels (rem). */
const STEP_REM = 52;
/** The gap after a card, and what is visible of the row between the safe edges. */
const GAP_REM = 4;
const VISIBLE_REM = 172.8;

interface ShelfProps {
  titles: readonly Title[];
  /** A fault that stands, told on the help card. */
  fault: string | null;
  clock: string;
  onTitle: (title: Title) => void;
  onHelp: () => void;
  onDemo: () => void;
}

export function Shelf({ titles, fault, clock, onTitle, onHelp, onDemo }: ShelfProps): VNode {
  const [at, setAt] = useState(0);
  const title = titles[at];
  // One card stays left of the focused one; at the end of the row, Help stands at the safe edge.
  const end = (titles.length + 1) * STEP_REM - GAP_REM - VISIBLE_REM;
  const shift = Math.max(0, Math.min((at - 1) * STEP_REM, end));
  return (
    <Screen name="shelf" level={0} path={['Shelf']} class="shelf">
      <div class="shelf-backdrop">
        {titles.map((one, index) => (
          <div key={one.id} class={`backdrop${index === at ? ' is-shown' : ''}`}>
            {Math.abs(index - at) <= 1 ? <Art art={one.art} /> : null}
          </div>
        ))}
      </div>
      <div class="shelf-head">
        <div class="brand">
          <BrandMark />
          Couchline TV
        </div>
        <div class="shelf-tools">
          <Button id="demo" label="Demo tools" tone="quiet" onPress={onDemo} />
          <span class="clock">{clock}</span>
        </div>
      </div>
      <div class="hero">
        <h1 class="hero-name">{title ? title.name : 'Help'}</h1>
        <p class="hero-kind">{title ? `${title.kind} · ${title.minutes} minutes` : 'Something not right?'}</p>
        <p class="hero-about">{title ? title.about : fault || 'We look at it together, on this screen.'}</p>
      </div>
      <div class="row-window">
        <div class="row" style={{ transform: `translateX(-${shift}rem)` }}>
          {titles.map((one, index) => (
            <TitleCard
              key={one.id}
              title={one}
              first={index === 0}
              onFocus={() => setAt(index)}
              onPress={() => onTitle(one)}
            />
          ))}
          <HelpCard fault={fault} onFocus={() => setAt(titles.length)} onPress={onHelp} />
        </div>
      </div>
    </Screen>
  );
}

interface CardProps {
  onFocus: () => void;
  onPress: () => void;
}

function TitleCard({ title, first, onFocus, onPress }: CardProps & { title: Title; first: boolean }): VNode {
  const { ref, focused } = useFocusable({ id: title.id, label: title.name, first, onFocus, onPress });
  const share = title.watched / title.minutes;
  return (
    <div ref={ref} role="button" class={`card${focused ? ' is-focused' : ''}`} data-focus={title.id} onClick={onPress}>
      <div class="card-picture">
        <Art art={title.art} />
        <div class="card-name">{title.name}</div>
        {share > 0 ? (
          <div class="card-progress">
            <div style={{ transform: `scaleX(${share})` }} />
          </div>
        ) : null}
      </div>
    </div>
  );
}

function HelpCard({ fault, onFocus, onPress }: CardProps & { fault: string | null }): VNode {
  const { ref, focused } = useFocusable({ id: 'help', label: 'Help', onFocus, onPress });
  return (
    <div
      ref={ref}
      role="button"
      class={`card is-help${focused ? ' is-focused' : ''}`}
      data-focus="help"
      onClick={onPress}
    >
      <div class="card-picture">
        <Sign name="help" size="small" />
        <div class="help-name">Help</div>
        {fault === null ? null : <div class="help-fault">{fault}</div>}
      </div>
    </div>
  );
}

function BrandMark(): VNode {
  return (
    <svg class="brand-mark" viewBox="0 0 48 48" aria-hidden="true">
      <path
        d="M8 22v-6a8 8 0 018-8h16a8 8 0 018 8v6M4 24a5 5 0 0110 0v6h20v-6a5 5 0 0110 0v12H4zM10 36v5M38 36v5"
        fill="none"
        stroke="currentColor"
        stroke-width="4"
        stroke-linecap="round"
        stroke-linejoin="round"
      />
    </svg>
  );
}
