/**
 * One input, microphone or camera: which devices there are, which is open, and why none is.
 *
 *            open()              ┌──────── another device, notice `fellBack`
 *     off ──────────▶ opening ──▶ on ──unplugged──▶ (look again)
 *      ▲                 │        │                  └──────── off, problem `unplugged`
 *      └──── problem ────┘◀─close()
 *
 * While it is wanted it comes back by itself: when a device is plugged in, when the chosen one returns,
 * when permission is given. Nothing throws: what cannot be is a `problem`.
 */
import { isFinal, problemOf, type DeviceProblem } from './deviceProblem.ts';
import { createRemembered } from './remembered.ts';
import { createStore, type Observable } from './store.ts';
import { listen, type Surroundings } from './surroundings.ts';

export interface Device {
  id: string;
  /** Empty until the page may use devices of this kind. */
  label: string;
}

export type Permission = 'unknown' | 'prompt' | 'granted' | 'denied';

/** What happened to a device in use, to be told once. `gone` and `now` are labels. */
export type DeviceNotice = { kind: 'fellBack'; gone: string; now: string } | { kind: 'cameBack'; now: string };

export interface InputState {
  devices: Device[];
  permission: Permission;
  status: 'off' | 'opening' | 'on';
  track: MediaStreamTrack | null;
  /** The one in use. */
  device: Device | null;
  problem: DeviceProblem | null;
  notice: DeviceNotice | null;
  /** On, but a switch on the device or the system keeps it silent or dark. */
  silenced: boolean;
}

export interface Input extends Observable<InputState> {
  /** Turns it on; asks for permission where that is needed. Resolves with whether it is on. */
  open(): Promise<boolean>;
  /** Turns it off, and its light with it. */
  close(): void;
  /** Uses this device from now on, and remembers it. Null is the browser's choice. */
  choose(deviceId: string | null): Promise<boolean>;
  dismissNotice(): void;
  /** Looks again at what there is. */
  refresh(): Promise<void>;
  /** Stops it for good. Twice is harmless. */
  dispose(): void;
}

type InputKind = 'audioinput' | 'videoinput';

/** @param constraints beyond the device: echo cancellation, size of the picture */
export function createInput(kind: InputKind, constraints: MediaTrackConstraints, surroundings: Surroundings): Input {
  const { mediaDevices, engine } = surroundings;
  const remembered = createRemembered(surroundings.storage, kind);
  const store = createStore<InputState>({
    devices: [],
    permission: 'unknown',
    status: 'off',
    track: null,
    device: null,
    problem: engine.userMedia && engine.secure ? null : engine.secure ? 'notSupported' : 'insecure',
    notice: null,
    silenced: false,
  });
  let wanted = false;
  /** Tells a late device from the one that is wanted now. */
  let turn = 0;
  let chosen: Device | null = null;
  /** The one that was in use when it was unplugged; it is gone back to. */
  let missed: Device | null = null;
  let deafTrack: (() => void)[] = [];

  /** Ids and labels, and beside them the group by which the browser's default is known again. */
  let groups: Record<string, string> = {};

  async function list(): Promise<Device[]> {
    if (mediaDevices === null || typeof mediaDevices.enumerateDevices !== 'function') return [];
    const all = await mediaDevices.enumerateDevices().catch(() => []);
    // Chromium lists its default twice, once under the name of the device behind it.
    const own = all.filter((one) => one.kind === kind && ['default', 'communications'].indexOf(one.deviceId) < 0);
    groups = {};
    const devices = own.map(({ deviceId, label, groupId }) => {
      groups[deviceId] = groupId;
      return { id: deviceId, label };
    });
    if (JSON.stringify(devices) !== JSON.stringify(store.state.devices)) store.set({ devices });
    return devices;
  }

  function request(deviceId: string | null): Promise<MediaStreamTrack> {
    const wish = deviceId === null ? constraints : Object.assign({ deviceId: { exact: deviceId } }, constraints);
    const asked = kind === 'audioinput' ? { audio: wish } : { video: wish };
    return (mediaDevices as MediaDevices)
      .getUserMedia(asked)
      .then((stream) => stream.getTracks()[0] as MediaStreamTrack);
  }

  /** The preferred device, or what the browser gives when it is not there. */
  async function acquire(preferred: Device | null): Promise<MediaStreamTrack> {
    if (preferred === null || preferred.id === '') return await request(null);
    return await request(preferred.id).catch((error: unknown) => {
      if (problemOf(error) === 'noDevice') return request(null);
      throw error;
    });
  }

  function preferredOf(devices: Device[]): Device | null {
    const still = chosen !== null && devices.filter(({ id }) => id === (chosen as Device).id)[0];
    return still || remembered.among(devices);
  }

  async function open(): Promise<boolean> {
    wanted = true;
    const { problem, status } = store.state;
    if (problem !== null && isFinal(problem)) return false;
    if (status === 'on') return true;
    return await start(silently);
  }

  /** @param notice tells of the device once it is open; null where there is nothing to tell */
  async function start(notice: (now: Device) => DeviceNotice | null): Promise<boolean> {
    const mine = ++turn;
    store.set({ status: 'opening', problem: null });
    try {
      let track = await acquire(preferredOf(await list()));
      const devices = await list();
      // Labels come with the first permission: only now is it known which one was chosen last time.
      const better = preferredOf(devices);
      if (mine === turn && better !== null && better.id !== track.getSettings().deviceId) {
        const other = await request(better.id).catch(() => null);
        if (other !== null) {
          track.stop();
          track = other;
        }
      }
      if (mine !== turn) {
        track.stop();
        return false;
      }
      use(track, devices);
      const told = notice(store.state.device as Device);
      if (told !== null) store.set({ notice: told });
      return true;
    } catch (error) {
      if (mine !== turn) return false;
      const problem = problemOf(error);
      release();
      store.set({ status: 'off', problem: problem === 'noDevice' && missed !== null ? 'unplugged' : problem });
      return false;
    }
  }

  function use(track: MediaStreamTrack, devices: Device[]): void {
    release();
    const { deviceId, groupId } = track.getSettings();
    const device = devices.filter(({ id }) => id === deviceId)[0] ||
      // "Default - Headset" is the headset.
      devices.filter(({ id, label }) => groups[id] === groupId && track.label.indexOf(label) >= 0)[0] ||
        // Not among those listed, as far as anybody can tell: it is not missed there.
        { id: '', label: track.label };
    if (missed !== null && missed.label === device.label) missed = null;
    deafTrack = [
      listen(track, 'ended', () => void lost()),
      listen(track, 'mute', () => store.set({ silenced: true })),
      listen(track, 'unmute', () => store.set({ silenced: false })),
    ];
    store.set({ status: 'on', track, device, problem: null, permission: 'granted', silenced: track.muted });
  }

  /** Lets go of the track. */
  function release(): void {
    for (const silence of deafTrack) silence();
    deafTrack = [];
    const { track } = store.state;
    if (track !== null) track.stop();
    store.set({ track: null, device: null, silenced: false });
  }

  /** The device in use ended by itself: unplugged, taken, or forbidden meanwhile. */
  async function lost(): Promise<void> {
    const gone = store.state.device;
    const mine = ++turn;
    release();
    store.set({ status: 'opening' });
    const devices = await list();
    if (mine !== turn || gone === null) return;
    missed = gone;
    if (devices.length === 0) store.set({ status: 'off', problem: 'unplugged' });
    // It may be there still: taken by the system for a moment, or forbidden, which asking again tells.
    else await start((now) => (now.id === gone.id ? null : { kind: 'fellBack', gone: gone.label, now: now.label }));
  }

  async function changed(): Promise<void> {
    const devices = await list();
    const { status, device, problem } = store.state;
    if (!wanted || status === 'opening') return;
    const isBack = missed !== null && devices.some(({ label }) => label === (missed as Device).label);
    if (status === 'on' && device !== null && device.id !== '' && !devices.some(({ id }) => id === device.id)) {
      await lost();
    } else if (status === 'on' && isBack) {
      chosen = devices.filter(({ label }) => label === (missed as Device).label)[0] || chosen;
      await start((now) => ({ kind: 'cameBack', now: now.label }));
    } else if (status === 'off' && devices.length > 0 && (problem === 'unplugged' || problem === 'noDevice')) {
      await start((now) => ({ kind: 'cameBack', now: now.label }));
    }
  }

  async function watchPermission(): Promise<() => void> {
    const { permissions } = surroundings;
    if (permissions === null || typeof permissions.query !== 'function') return () => undefined;
    const name = (kind === 'audioinput' ? 'microphone' : 'camera') as PermissionName;
    // Firefox before 2025 does not know the names.
    const standing = await permissions.query({ name }).catch(() => null);
    if (standing === null) return () => undefined;
    const read = (): void => {
      store.set({ permission: standing.state });
      const { status, problem } = store.state;
      const waits = problem === 'denied' || problem === 'dismissed' || problem === 'blockedBySystem';
      if (standing.state === 'granted' && wanted && status === 'off' && waits) void start(silently);
    };
    read();
    return listen(standing, 'change', read);
  }

  const deafDevices = listen(mediaDevices, 'devicechange', () => void changed());
  const deafPermission = watchPermission();

  return {
    get state() {
      return store.state;
    },
    subscribe: store.subscribe,
    open,
    close() {
      wanted = false;
      missed = null;
      turn += 1;
      release();
      store.set({ status: 'off' });
    },
    async choose(deviceId) {
      chosen = store.state.devices.filter(({ id }) => id === deviceId)[0] || null;
      missed = null;
      remembered.remember(chosen && chosen.label);
      if (!wanted) return false;
      return await start(silently);
    },
    dismissNotice() {
      store.set({ notice: null });
    },
    refresh: () => list().then(() => undefined),
    dispose() {
      wanted = false;
      turn += 1;
      release();
      store.set({ status: 'off' });
      deafDevices();
      void deafPermission.then((silence) => silence());
    },
  };
}

function silently(): null {
  return null;
}
