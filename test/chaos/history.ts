/** What every client said and heard, as it went over its sockets; the checker's evidence. */
import { hash } from 'node:crypto';
import { WebSocket } from 'ws';
import type { ClientMessage } from '../../src/protocol/client.ts';
import type { ServerMessage } from '../../src/protocol/server.ts';
import type { Surroundings } from '../../web/connector/surroundings.ts';

/** An event as one connection heard it. */
export interface Heard {
  interactionId: string;
  seq: number;
  at: number;
  type: string;
  digest: string;
}

/** One connection of a client, from its registration on. */
export interface HeardConnection {
  number: number;
  /** The last `seq` of each interaction that the client said it had seen. */
  resume: Map<string, number>;
  events: Heard[];
}

/** A command by its id, on however many connections it was said. */
export interface Said {
  id: string;
  body: ClientMessage;
  times: number;
  /** The interactions that acknowledgements named; each of them should be the same. */
  acknowledged: (string | null)[];
  /** The refusal that ended it; null while it may be said again. */
  refused: string | null;
}

/** All that one client said and heard. */
export class History {
  readonly who: string;
  readonly role: 'tv' | 'agent';
  readonly commands = new Map<string, Said>();
  connections: HeardConnection[] = [];
  /** Over the whole run. */
  readonly count = { connections: 0, events: 0, commands: 0, acknowledged: 0, refused: 0, putOff: 0 };

  constructor(who: string, role: 'tv' | 'agent') {
    this.who = who;
    this.role = role;
  }

  /** WebSockets that are written down here, as the connector takes them. */
  sockets(headers: Record<string, string> = {}): Surroundings['WebSocket'] {
    const recorded = (): ((message: ClientMessage | ServerMessage, said: boolean) => void) => this.#connection();
    class RecordedSocket extends WebSocket {
      readonly #write = recorded();

      constructor(url: string) {
        super(url, { headers });
        this.on('message', (data: Buffer) => this.#write(JSON.parse(data.toString('utf8')) as ServerMessage, false));
        this.on('error', () => {});
      }

      override send(data: string): void {
        this.#write(JSON.parse(data) as ClientMessage, true);
        super.send(data);
      }
    }
    return RecordedSocket as unknown as Surroundings['WebSocket'];
  }

  /** What was checked need not be kept; commands under way and the connections that still live are. */
  forget(): void {
    for (const { id, acknowledged, refused } of this.commands.values()) {
      if (acknowledged.length > 0 || refused !== null) this.commands.delete(id);
    }
    for (const connection of this.connections) {
      for (const { interactionId, seq } of connection.events) connection.resume.set(interactionId, seq);
      connection.events = [];
    }
    this.connections = this.connections.slice(-1);
  }

  #connection(): (message: ClientMessage | ServerMessage, said: boolean) => void {
    this.count.connections += 1;
    const connection: HeardConnection = { number: this.count.connections, resume: new Map(), events: [] };
    this.connections.push(connection);
    return (message, said) => {
      if (said) this.#say(connection, message as ClientMessage);
      else this.#hear(connection, message as ServerMessage);
    };
  }

  #say(connection: HeardConnection, message: ClientMessage): void {
    if (message.type === 'ping' || message.type === 'live') return;
    if (message.type === 'registerTv' || message.type === 'registerAgent') {
      for (const { interactionId, seq } of message.resume) connection.resume.set(interactionId, seq);
      return;
    }
    const { id } = message;
    const known = this.commands.get(id);
    if (known === undefined) {
      this.count.commands += 1;
      this.commands.set(id, { id, body: message, times: 1, acknowledged: [], refused: null });
    } else known.times += 1;
  }

  #hear(connection: HeardConnection, message: ServerMessage): void {
    switch (message.type) {
      case 'event': {
        const { interactionId, seq, at, event } = message;
        this.count.events += 1;
        connection.events.push({ interactionId, seq, at, type: event.type, digest: digest(event) });
        if (message.re !== undefined) this.#acknowledge(message.re, interactionId);
        return;
      }
      case 'ack':
        return this.#acknowledge(message.re, message.interactionId ?? null);
      case 'refused': {
        const command = message.re === null ? undefined : this.commands.get(message.re);
        if (command === undefined) return;
        if (message.retry) {
          this.count.putOff += 1;
          return;
        }
        this.count.refused += 1;
        command.refused = `${message.code}: ${message.message}`;
        return;
      }
      default:
    }
  }

  #acknowledge(commandId: string, interactionId: string | null): void {
    const command = this.commands.get(commandId);
    if (command === undefined) return;
    if (command.acknowledged.length === 0) this.count.acknowledged += 1;
    command.acknowledged.push(interactionId);
  }
}

/** The same for the same content, in whatever order its fields stand: the database keeps another than the wire. */
export function digest(value: unknown): string {
  return hash('sha1', canonical(value)).slice(0, 16);
}

function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join()}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null';
  const fields = Object.entries(value).filter(([, field]) => field !== undefined);
  fields.sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${fields.map(([name, field]) => `${JSON.stringify(name)}:${canonical(field)}`).join()}}`;
}
