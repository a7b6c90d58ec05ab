import { useCallback, useEffect, useRef, useState, useSyncExternalStore } from 'react';
import { Button } from 'react-aria-components';
import type { CallsState, CallTryState } from '../../../src/protocol/calls.ts';
import type { Devices } from '../../call/devices.ts';
import type { Quality } from '../../call/quality.ts';
import type { Observable } from '../../call/store.ts';
import type { Call } from '../../call/types.ts';
import { connectionWords, problemWords } from '../../call/words.ts';
import { BusyButton } from '../parts/BusyButton.tsx';
import { useNow } from '../parts/clock.ts';
import { Notice } from '../parts/Notice.tsx';
import type { CallsApi } from './calls-api.ts';
import { fromInWords, pathInWords, percent, verdictOf } from './calls-words.ts';
import { LevelBar, Tile } from './Tile.tsx';
import { startTry, type Try, type TryState } from './try-call.ts';

interface Props {
  api: CallsApi;
  calls: CallsState;
}

const NOT_STARTED: TryState = { kind: 'over', message: null };

/** Camera and microphone of this computer, sent to the service and back. */
export function TryPanel({ api, calls }: Props) {
  const [trying, setTrying] = useState<Try | null>(null);
  const state = useSyncExternalStore(trying?.subscribe ?? silent, () => trying?.state.now ?? NOT_STARTED);
  // A page that is left turns the camera off.
  useEffect(() => () => trying?.end(), [trying]);
  const panel = useRef<HTMLElement>(null);
  const goesOn = state.kind === 'trying';
  useEffect(() => {
    if (!goesOn) return;
    const { current } = panel;
    // The focus goes back to where it began, unless it is somewhere else by then.
    return () => {
      setTimeout(() => {
        if (document.activeElement === document.body) current?.querySelector('button')?.focus();
      });
    };
  }, [goesOn]);
  return (
    <section ref={panel} className="card calls-try" aria-labelledby="try">
      <h2 id="try">Try it</h2>
      <p className="quiet">
        You see and hear yourself as you come back from the service. Nobody else does, and nothing is kept. It ends
        after two minutes. Headphones keep you from hearing yourself twice.
      </p>
      {state.kind === 'refused' ? <Notice tone="bad">{state.message}</Notice> : null}
      {state.kind === 'over' && state.message !== null ? (
        <Notice tone="info" role="status">
          {state.message}
        </Notice>
      ) : null}
      {state.kind === 'trying' ? (
        <Trying {...state} calls={calls} onEnd={() => trying?.end()} />
      ) : (
        <div className="actions">
          <BusyButton
            className="button primary"
            isBusy={state.kind === 'opening'}
            aria-disabled={calls.missing !== null}
            onPress={() => setTrying(startTry(api))}
          >
            Try camera and microphone
          </BusyButton>
        </div>
      )}
    </section>
  );
}

interface TryingProps {
  call: Call;
  devices: Devices;
  since: number;
  service: CallTryState | null;
  calls: CallsState;
  onEnd(): void;
}

function Trying({ call, devices, since, service, calls, onEnd }: TryingProps) {
  const { connection, participants, quality, microphone, camera } = useWatched(call);
  const { microphone: mic, camera: cam } = useWatched(devices);
  const now = useNow(0);
  const [muted, setMuted] = useState(false);
  const [own, setOwn] = useState<MediaStream | null>(null);
  const end = useRef<HTMLButtonElement>(null);
  useEffect(() => end.current?.focus(), []);
  useEffect(() => setOwn(cam.track === null ? null : new MediaStream([cam.track])), [cam.track]);
  const back = participants[0] ?? null;
  const verdict = verdictOf({
    calls,
    connection: connection.kind,
    ms: now - since,
    path: quality?.path ?? null,
    service,
    sends: microphone === 'on' || camera === 'on',
    comesBack: back !== null && (back.picture === 'moving' || (camera !== 'on' && (quality?.receivedBitrate ?? 0) > 0)),
    pageHost: location.hostname,
  });
  return (
    <>
      <div className="calls-tiles">
        <Tile name="You" stream={own} instead="No picture" speaker={devices.speaker} own>
          <LevelBar label="Your microphone" call={call} of={null} />
        </Tile>
        <Tile
          name="Back from the service"
          stream={back?.stream ?? null}
          instead="No picture yet"
          speaker={devices.speaker}
          muted={muted}
        >
          <LevelBar label="What comes back" call={call} of={back?.id ?? null} />
        </Tile>
      </div>
      {mic.problem === null ? null : (
        <Problem {...problemWords(mic.problem, 'microphone', 'desk')} again={() => void call.setMicrophone(true)} />
      )}
      {cam.problem === null ? null : (
        <Problem {...problemWords(cam.problem, 'camera', 'desk')} again={() => void call.setCamera(true)} />
      )}
      {verdict === null ? (
        <p role="status">{connectionWords(connection, 'desk') ?? 'Connecting'}</p>
      ) : (
        <Notice tone={verdict.tone} role={verdict.tone === 'bad' ? 'alert' : 'status'}>
          <p>
            <strong>{verdict.what}</strong>
          </p>
          {verdict.todo.map((one) => (
            <p key={one}>{one}</p>
          ))}
        </Notice>
      )}
      <div className="actions">
        <Button ref={end} className="button end" onPress={onEnd}>
          End the try
        </Button>
        <Button className="button" aria-pressed={muted} onPress={() => setMuted(!muted)}>
          {muted ? 'Sound off' : 'Sound on'}
        </Button>
      </div>
      <Figures quality={quality} service={service} />
    </>
  );
}

function Problem({ what, fix, action, again }: { what: string; fix: string; action: string | null; again(): void }) {
  const check =
    action === null ? null : (
      <Button className="button" onPress={again}>
        {action}
      </Button>
    );
  return (
    <Notice tone="warn" role="status" actions={check}>
      {what} {fix}
    </Notice>
  );
}

function Figures({ quality, service }: { quality: Quality | null; service: CallTryState | null }) {
  const ms = (value: number | null | undefined) =>
    value === null || value === undefined ? '–' : `${Math.round(value)} ms`;
  const share = (value: number | null | undefined) => (value === null || value === undefined ? '–' : percent(value));
  const path = quality?.path ?? null;
  const from = service?.from ?? null;
  return (
    <dl className="calls-facts number">
      <dt>Path</dt>
      <dd>{path === null ? '–' : pathInWords(path)}</dd>
      <dt>The service sees you at</dt>
      <dd>{from === null ? '–' : fromInWords(from)}</dd>
      <dt>Round trip</dt>
      <dd>{ms(quality?.roundTripMs)}</dd>
      <dt>Lost on the way there</dt>
      <dd>{share(quality?.sendLossRatio)}</dd>
      <dt>Lost on the way back</dt>
      <dd>{share(quality?.lossRatio)}</dd>
      <dt>Jitter</dt>
      <dd>{ms(quality?.jitterMs)}</dd>
    </dl>
  );
}

/** State of the call's side, which is watched and not React's. */
function useWatched<S>(watched: Observable<S>): S {
  const subscribe = useCallback((told: () => void) => watched.subscribe(told), [watched]);
  return useSyncExternalStore(subscribe, () => watched.state);
}

function silent(): () => void {
  return () => {};
}
