/** A running Node process seen from outside, by the debugging protocol that it shares with Chromium. */
import { WebSocket } from 'ws';

/** Fixed: of the processes that are looked into only one runs at a time. */
const ADDRESS = '127.0.0.1:9377';

/** What a process is started with, so that it can be looked into. */
export const INSPECTABLE = [`--inspect=${ADDRESS}`];

export interface Inspector {
  collectGarbage(): Promise<void>;
  startProfile(): Promise<void>;
  stopProfile(): Promise<CpuProfile>;
  close(): Promise<void>;
}

/** As V8 tells it; times in microseconds. */
export interface CpuProfile {
  nodes: { id: number; callFrame: { functionName: string; url: string; lineNumber: number } }[];
  samples: number[];
  timeDeltas: number[];
}

/** Connects to the process that was started INSPECTABLE. */
export async function inspect(): Promise<Inspector> {
  const [target] = (await (await fetch(`http://${ADDRESS}/json/list`)).json()) as { webSocketDebuggerUrl: string }[];
  if (target === undefined) throw new Error('The process lets nobody look into it.');
  const socket = new WebSocket(target.webSocketDebuggerUrl, { perMessageDeflate: false });
  await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject));
  let lastId = 0;
  const ask = async (method: string, params: object = {}): Promise<unknown> => {
    const id = (lastId += 1);
    socket.send(JSON.stringify({ id, method, params }));
    return await new Promise((resolve, reject) => {
      const hear = (data: Buffer) => {
        const answer = JSON.parse(data.toString('utf8')) as { id?: number; result?: unknown; error?: object };
        if (answer.id !== id) return;
        socket.off('message', hear);
        if (answer.error === undefined) resolve(answer.result);
        else reject(new Error(`${method}: ${JSON.stringify(answer.error)}`));
      };
      socket.on('message', hear);
    });
  };
  return {
    async collectGarbage() {
      // What the first sweep frees may be what the second can free.
      for (let n = 0; n < 2; n += 1) await ask('HeapProfiler.collectGarbage');
    },
    async startProfile() {
      await ask('Profiler.enable');
      await ask('Profiler.setSamplingInterval', { interval: 500 });
      await ask('Profiler.start');
    },
    async stopProfile() {
      return ((await ask('Profiler.stop')) as { profile: CpuProfile }).profile;
    },
    async close() {
      const closed = new Promise((resolve) => socket.once('close', resolve));
      socket.close();
      await closed;
    },
  };
}
