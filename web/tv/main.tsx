/** @jsxImportSource preact */
/** Starts the demo TV service. The connector's part is marked; it is all that another service needs. */
import { options, render } from 'preact';
import { createTvConnector } from '../connector/tv.ts';
import '../theme/tv.css';
import './tv.css';
import { App } from './app.tsx';
import { credentialsOf, pairInstead, readConfig } from './config.ts';
import { Breaks } from './demo/breaks.ts';
import { watchNetwork } from './demo/network.ts';
import { watchHistory } from './input/layers.ts';
import { keyOf, registerMediaKeys } from './input/keys.ts';
import type { Key } from './input/keys.ts';
import { Navigation } from './input/navigation.ts';
import { load } from './player/load.ts';
import { Player } from './player/player.ts';
import { createSounds } from './sounds.ts';

/** webOS may send Back both as a key and as a step in the history; within this time they are one press. */
const SAME_PRESS_MS = 250;

// Preact asks for queueMicrotask, which came with Chromium 71.
options.debounceRendering = (work) => void Promise.resolve().then(work);

const page = window as { COUCHLINE?: unknown; tizen?: { application?: { getCurrentApplication(): { exit(): void } } } };
const config = readConfig(page.COUCHLINE, location.search, location.origin);
const stage = document.getElementById('stage') as HTMLElement;
const video = document.getElementById('video') as HTMLVideoElement;

const store = storage();
const network = watchNetwork();
const breaks = new Breaks(network, load, {
  raise: (fault) => connector.raise(fault),
  clear: (code) => connector.clear(code),
  locked: () => player.close(),
});
const player = new Player(video, config.clip, breaks.load);

// ── The connector, from here ──
const connector = createTvConnector({ url: config.url, credentials: credentialsOf(config, store), told: config.told });
connector.attach(video, {
  retry() {
    if (!breaks.refuses()) player.reload();
  },
});
// ── to here ──

const sounds = createSounds();
let deafTimer: ReturnType<typeof setTimeout> | undefined;
const navigation = new Navigation({
  now: () => Date.now(),
  later: (work) => void Promise.resolve().then(work),
  focused: (path, label) => connector.setScreen(path, label),
  acted(words) {
    sounds.ok();
    connector.action(words);
  },
  deaf(forMs) {
    if (deafTimer !== undefined) clearTimeout(deafTimer);
    stage.classList.toggle('is-deaf', forMs > 0);
    deafTimer = setTimeout(() => stage.classList.remove('is-deaf'), forMs);
  },
});

let takes: (key: Key) => boolean = () => false;
let backAt = -Infinity;

function pressed(key: Key): void {
  if (navigation.deaf) return;
  if (key === 'back') {
    if (Date.now() - backAt < SAME_PRESS_MS) return;
    backAt = Date.now();
  }
  if (takes(key)) navigation.touched();
  else navigation.key(key);
}

window.addEventListener('keydown', (event) => {
  const key = keyOf(event);
  if (key === null) return;
  event.preventDefault();
  const isArrow = key === 'up' || key === 'down' || key === 'left' || key === 'right';
  if (event.repeat && !isArrow) return;
  pressed(key);
});
watchHistory(() => pressed('back'));
registerMediaKeys();

/** One rem is ten pixels of the 1920×1080 design, whatever the screen. */
function scale(): void {
  const ratio = Math.min(window.innerWidth / 1920, window.innerHeight / 1080);
  document.documentElement.style.fontSize = `${10 * ratio}px`;
}
scale();
window.addEventListener('resize', scale);
if (config.lessMovement) document.documentElement.className += ' is-still';

render(
  <App
    connector={connector}
    navigation={navigation}
    player={player}
    breaks={breaks}
    sounds={sounds}
    store={store}
    onKeys={(take) => {
      takes = take;
    }}
    onPair={() => {
      if (store === null) location.search += location.search === '' ? '?pair' : '&pair';
      else {
        pairInstead(config, store);
        location.reload();
      }
    }}
    onClose={() => {
      connector.close();
      const app = page.tizen && page.tizen.application;
      if (app) app.getCurrentApplication().exit();
      else window.close();
    }}
  />,
  document.getElementById('app') as HTMLElement,
);

function storage(): Storage | null {
  try {
    return window.localStorage;
  } catch {
    return null;
  }
}
