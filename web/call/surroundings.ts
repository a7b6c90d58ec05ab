/** What a call needs of the browser around it. Whatever can be missing on a TV is null, never assumed. */

export interface Surroundings {
  RTCPeerConnection: (new (configuration: RTCConfiguration) => RTCPeerConnection) | null;
  MediaStream: (new (tracks?: MediaStreamTrack[]) => MediaStream) | null;
  AudioContext: (new () => AudioContext) | null;
  mediaDevices: MediaDevices | null;
  permissions: Permissions | null;
  /** Where the chosen devices are remembered; null for nowhere. */
  storage: Pick<Storage, 'getItem' | 'setItem' | 'removeItem'> | null;
  /** Where `online` is heard. */
  window: EventTarget | null;
  /** Where a change of network is heard (`navigator.connection`; Chromium). */
  network: (EventTarget & { type?: string }) | null;
  engine: EngineFacts;
}

/** What the engine says of itself by having things, not by its name. */
export interface EngineFacts {
  /** RTCPeerConnection with transceivers (unified plan). */
  peerConnection: boolean;
  /** Pages over http have no cameras or microphones, except on localhost. */
  secure: boolean;
  userMedia: boolean;
  /** `setSinkId`: the page can choose where sound comes out. */
  speakerChoice: boolean;
  /** Lower-case mime types that can be decoded, `video/vp8`; null where the engine does not tell. */
  videoCodecs: string[] | null;
  /** Gigabytes, rounded by the browser to a power of two; null where it does not tell. */
  memoryGb: number | null;
  /** Processor cores; null where the engine does not tell. */
  cores: number | null;
}

interface Page extends EventTarget {
  RTCPeerConnection?: typeof RTCPeerConnection;
  RTCRtpTransceiver?: { prototype: object };
  RTCRtpReceiver?: { getCapabilities?: (kind: string) => { codecs: { mimeType: string }[] } | null };
  MediaStream?: typeof MediaStream;
  AudioContext?: typeof AudioContext;
  webkitAudioContext?: typeof AudioContext;
  HTMLMediaElement?: { prototype: object };
  isSecureContext?: boolean;
  navigator?: Navigator & { connection?: EventTarget & { type?: string }; deviceMemory?: number };
}

/** The browser as it is. */
export function browser(): Surroundings {
  const page: Page | null = typeof window === 'undefined' ? null : window;
  const navigator = (page && page.navigator) || null;
  const mediaDevices = (navigator && navigator.mediaDevices) || null;
  return {
    RTCPeerConnection: (page && page.RTCPeerConnection) || null,
    MediaStream: (page && page.MediaStream) || null,
    AudioContext: (page && (page.AudioContext || page.webkitAudioContext)) || null,
    mediaDevices,
    permissions: (navigator && navigator.permissions) || null,
    storage: browserStorage(),
    window: page,
    network: (navigator && navigator.connection) || null,
    engine: {
      peerConnection: hasTransceivers(page),
      secure: page !== null && page.isSecureContext !== false,
      userMedia: mediaDevices !== null && typeof mediaDevices.getUserMedia === 'function',
      speakerChoice: has(page && page.HTMLMediaElement, 'setSinkId'),
      videoCodecs: decoders(page),
      memoryGb: (navigator && navigator.deviceMemory) || null,
      cores: (navigator && navigator.hardwareConcurrency) || null,
    },
  };
}

function has(interfaceObject: { prototype: object } | null | undefined, property: string): boolean {
  return !!interfaceObject && property in interfaceObject.prototype;
}

/** `currentDirection` came with unified plan; engines before have connections that speak another SDP. */
function hasTransceivers(page: Page | null): boolean {
  return page !== null && !!page.RTCPeerConnection && has(page.RTCRtpTransceiver, 'currentDirection');
}

function decoders(page: Page | null): string[] | null {
  const receiver = page && page.RTCRtpReceiver;
  if (!receiver || !receiver.getCapabilities) return null;
  const found = receiver.getCapabilities('video');
  return found === null ? null : found.codecs.map(({ mimeType }) => mimeType.toLowerCase());
}

/** `localStorage`; reading the property alone throws where the browser forbids it. */
function browserStorage(): Storage | null {
  try {
    return typeof localStorage === 'undefined' ? null : localStorage;
  } catch {
    return null;
  }
}

/** Listens; gives back how to stop. Null is a browser that has no such thing. */
export function listen(target: EventTarget | null, type: string, heard: (event: Event) => void): () => void {
  // A Safari before 14 has things that emit no events: `navigator.permissions` and others.
  if (target === null || typeof target.addEventListener !== 'function') return () => undefined;
  target.addEventListener(type, heard);
  return () => {
    target.removeEventListener(type, heard);
  };
}
