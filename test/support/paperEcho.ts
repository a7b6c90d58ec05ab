/** Rooms of one that exist on paper: they make offers and take answers, and no packet ever comes or goes. */
import type { Echo, EchoRooms } from '../../src/http/callTries.ts';
import type { CallTryState } from '../../src/protocol/calls.ts';

export class PaperEcho implements Echo {
  connection: CallTryState['connection'] = 'nothing';
  over = false;
  #offers = 0;
  #waits = false;

  async offer(): Promise<string> {
    if (this.over) throw new Error('The echo is closed.');
    this.#waits = true;
    this.#offers += 1;
    const section = (kind: string, mid: number) => [`m=${kind} 9 UDP/TLS/RTP/SAVPF 0`, `a=mid:${mid}`, 'a=sendrecv'];
    const session = ['v=0', `o=- 1 ${this.#offers} IN IP4 127.0.0.1`, 's=-', 't=0 0'];
    return [...session, ...section('audio', 0), ...section('video', 1), ''].join('\r\n');
  }

  async answer(sdp: string): Promise<Awaited<ReturnType<Echo['answer']>>> {
    if (!this.#waits || this.over) return { refused: 'There was no offer to be answered. Ask for another.' };
    const kinds = [...sdp.matchAll(/^m=(\w+)/gm)].map(([, kind]) => kind);
    if (kinds.join(' ') !== 'audio video') return { refused: 'It does not answer the sections of the offer.' };
    this.#waits = false;
    // What is not sent does not come back.
    const sections = sdp.split(/^(?=m=)/m).slice(1);
    return {
      layout: sections.map((section, mid) => ({
        mid: String(mid),
        participant: /a=(sendrecv|sendonly)/.test(section) ? 'echo' : null,
      })),
    };
  }

  state(): Pick<CallTryState, 'connection' | 'from'> {
    const from = { protocol: 'udp', address: '192.0.2.7', port: 50_000 } as const;
    return { connection: this.connection, from: this.connection === 'nothing' ? null : from };
  }

  close(): void {
    this.over = true;
  }
}

export class PaperEchoRooms implements EchoRooms {
  /** All that were opened. */
  readonly opened: PaperEcho[] = [];
  missing: string | null = null;
  /** Told until when each is to last. */
  readonly until: number[] = [];

  async open(until: number): ReturnType<EchoRooms['open']> {
    if (this.missing !== null) return { missing: this.missing };
    const echo = new PaperEcho();
    this.opened.push(echo);
    this.until.push(until);
    return { echo, iceServers: [] };
  }
}
