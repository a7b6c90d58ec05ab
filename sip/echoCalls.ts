import type Srf from 'drachtio-srf';

/** Who is called to hear oneself. */
export const ECHO = 'echo';

/** Calls at a time, those that are being answered among them. */
const MOST_CALLS = 10;
/** Nobody listens to oneself for longer. */
const LONGEST_CALL_MS = 5 * 60_000;
/** A phone that is gone does not answer a BYE. */
const HANG_UP_WITHIN_MS = 2_000;

/** A caller's sound on its way back. */
export interface EchoMedia {
  /** Takes the caller's offer, also a later one of the same call. */
  accept(offer: string): Promise<{ answer: string } | { refused: string }>;
  /** Harmless when closed. */
  close(): void;
}

/**
 * Opens the media of a call.
 * @param from the address that the call's signalling comes from
 * @param ended told when media cannot go on
 */
export type OpenEchoMedia = (from: string, ended: () => void) => Promise<EchoMedia | { missing: string }>;

interface EchoCall {
  media: EchoMedia | null;
  dialog: Srf.Dialog | null;
  limit: NodeJS.Timeout;
}

/**
 * What an installation is tried out with: whoever calls `echo` hears what it says. Few at a time and none for long,
 * since anybody may call.
 */
export class EchoCalls {
  readonly #srf: Srf.Application;
  readonly #open: OpenEchoMedia;
  readonly #log: { warn(fields: object, sentence: string): void };
  readonly #calls = new Set<EchoCall>();
  #closing = false;

  constructor(srf: Srf.Application, open: OpenEchoMedia, log: { warn(fields: object, sentence: string): void }) {
    this.#srf = srf;
    this.#open = open;
    this.#log = log;
  }

  /** Answers an INVITE for `echo`. */
  invite(req: Srf.SrfRequest, res: Srf.SrfResponse): void {
    if (this.#closing) {
      res.send(503);
      return;
    }
    if (this.#calls.size >= MOST_CALLS) {
      res.send(486);
      return;
    }
    const call: EchoCall = {
      media: null,
      dialog: null,
      limit: setTimeout(() => void this.#end(call), LONGEST_CALL_MS),
    };
    call.limit.unref();
    this.#calls.add(call);
    req.on('cancel', () => void this.#end(call));
    this.#answer(call, req, res).catch((err: unknown) => {
      // To one that was taken back meanwhile this goes nowhere.
      if (this.#calls.has(call)) this.#log.warn({ err }, 'A call to echo could not be answered.');
      res.send(500);
      void this.#end(call);
    });
  }

  /** Ends the media of every call: the server that has the dialogs is lost. */
  lost(): void {
    for (const call of [...this.#calls]) {
      call.dialog = null;
      void this.#end(call);
    }
  }

  /** Hangs up on everybody; takes a moment where a phone does not answer. */
  async close(): Promise<void> {
    this.#closing = true;
    let late: NodeJS.Timeout | undefined;
    const patience = new Promise<void>((done) => (late = setTimeout(done, HANG_UP_WITHIN_MS)));
    await Promise.race([Promise.all([...this.#calls].map((call) => this.#end(call))), patience]);
    clearTimeout(late);
  }

  async #answer(call: EchoCall, req: Srf.SrfRequest, res: Srf.SrfResponse): Promise<void> {
    const media = await this.#open(req.source_address, () => void this.#end(call));
    if ('missing' in media) {
      this.#refuse(call, res, 503, media.missing);
      return;
    }
    call.media = media;
    const taken = await media.accept(req.body);
    if ('refused' in taken) this.#refuse(call, res, 488, taken.refused);
    else if (this.#closing || !this.#calls.has(call)) this.#refuse(call, res, 503, 'The service is stopping.');
    else {
      const dialog = await this.#srf.createUAS(req, res, { localSdp: taken.answer });
      call.dialog = dialog;
      dialog.on('destroy', () => {
        call.dialog = null;
        void this.#end(call);
      });
      dialog.on('modify', (invite: Srf.SrfRequest, answer: Srf.SrfResponse) => {
        void this.#change(media, invite, answer);
      });
      // What ended it meanwhile had no dialog to end.
      if (!this.#calls.has(call)) void this.#end(call);
    }
  }

  /** The caller changes the session: holds, or moves to another port. */
  async #change(media: EchoMedia, req: Srf.SrfRequest, res: Srf.SrfResponse): Promise<void> {
    const taken = await media.accept(req.body).catch((error: Error) => ({ refused: error.message }));
    if ('refused' in taken) res.send(488, { headers: { Warning: warning(taken.refused) } });
    else res.send(200, { headers: { 'Content-Type': 'application/sdp' }, body: taken.answer });
  }

  #refuse(call: EchoCall, res: Srf.SrfResponse, status: number, why: string): void {
    res.send(status, { headers: { Warning: warning(why) } });
    void this.#end(call);
  }

  async #end(call: EchoCall): Promise<void> {
    clearTimeout(call.limit);
    this.#calls.delete(call);
    call.media?.close();
    const { dialog } = call;
    call.dialog = null;
    // Whoever hung up in the same moment is gone already.
    await dialog?.destroy().catch(() => undefined);
  }
}

/** Why, in words (RFC 3261 20.43). */
function warning(why: string): string {
  return `399 couchline "${why.replace(/[^ !#-[\]-~]/g, ' ').slice(0, 200)}"`;
}
