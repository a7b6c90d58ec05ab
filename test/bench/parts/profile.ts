/** Where the service's CPU goes: a run under V8's sampling profiler, its self times by what they serve. */
import { inspect, INSPECTABLE, type CpuProfile } from './inspector.ts';
import type { Server, Stage } from './ground.ts';

export interface Share {
  name: string;
  /** Of all CPU time, 0 to 1. */
  share: number;
}

export interface Profile {
  /** By what it serves, the greatest first. */
  shares: Share[];
  /** Single functions, the greatest first. */
  functions: Share[];
}

/** What a file serves; the first that fits. */
const KINDS: [RegExp, string][] = [
  [/node_modules\/(pg|pg-[a-z]+|postgres-[a-z]+)\/|\/db\//, 'Postgres client'],
  [/node_modules\/(pino|sonic-boom|thread-stream|quick-format-unescaped|safe-stable-stringify)\//, 'log'],
  [/node_modules\/graphile-worker\//, 'timers'],
  [/node_modules\/zod\/|\/src\/protocol\//, 'schemas'],
  [/node_modules\/ws\//, 'WebSocket'],
  [/node:internal\/(streams|stream_base|net)|node:net|node:events|node:_http|node:internal\/js_stream/, 'sockets'],
  [/\/src\/realtime\//, 'src/realtime'],
  [/\/src\/events\//, 'src/events'],
  [/\/src\/(interaction|routing|agent|diagnosis)\//, 'rules'],
  [/\/src\//, 'src, other'],
  [/node_modules\/prom-client|node_modules\/@opentelemetry/, 'metrics'],
];

/** Starts a service, lets it be prepared, and profiles it while something is done with it. */
export async function profileOf<T>(
  stage: Stage,
  prepare: (service: Server) => Promise<T>,
  act: (prepared: T) => Promise<void>,
): Promise<Profile> {
  const service = await stage.service(INSPECTABLE);
  const prepared = await prepare(service);
  const inspector = await inspect();
  await inspector.startProfile();
  await act(prepared);
  const profile = await inspector.stopProfile();
  await inspector.close();
  await service.stop();
  return read(profile);
}

function read({ nodes, samples, timeDeltas }: CpuProfile): Profile {
  const byId = new Map(nodes.map((node) => [node.id, node.callFrame]));
  const kinds = new Map<string, number>();
  const functions = new Map<string, number>();
  let busy = 0;
  samples.forEach((id, index) => {
    const { functionName, url, lineNumber } = byId.get(id)!;
    if (functionName === '(idle)') return;
    const time = Math.max(0, timeDeltas[index] ?? 0);
    busy += time;
    const kind = kindOf(functionName, url);
    kinds.set(kind, (kinds.get(kind) ?? 0) + time);
    const place = `${functionName || '(anonymous)'} ${url.replace(/^.*\/(node_modules|src|db)\//, '$1/')}:${lineNumber + 1}`;
    functions.set(place, (functions.get(place) ?? 0) + time);
  });
  const ranked = (times: Map<string, number>) =>
    [...times].map(([name, time]) => ({ name, share: time / busy })).sort((one, other) => other.share - one.share);
  return { shares: ranked(kinds), functions: ranked(functions) };
}

function kindOf(functionName: string, url: string): string {
  if (functionName === '(garbage collector)') return 'garbage collection';
  // Work of the runtime and the kernel in JavaScript's name: writes to sockets above all.
  if (functionName === '(program)' || url === '') return 'runtime and kernel';
  return KINDS.find(([fits]) => fits.test(url))?.[1] ?? 'Node’s own code';
}

/** "Postgres client 31 %, sockets 22 % …": all above two percent. */
export function sharesIn(shares: readonly Share[]): string {
  return shares
    .filter(({ share }) => share >= 0.02)
    .map(({ name, share }) => `${name} ${Math.round(share * 100)} %`)
    .join(', ');
}
