/** What is wrong with a session description, for whoever has to choose a status code. */
export type SdpFault =
  /** More than we are willing to read. */
  | 'too-large'
  /** Not SDP (RFC 8866), or a line whose value cannot be. */
  | 'malformed'
  /** Something is missing that media cannot flow without. */
  | 'incomplete'
  /** Well-formed, but nothing in it is spoken here. */
  | 'unsupported'
  /** An answer that does not answer the offer, or an offer that does not continue the session. */
  | 'mismatch';

/** A session description is refused. The message says what was wrong, where, and what would be right. */
export class SdpRefusal extends Error {
  readonly fault: SdpFault;
  /** Index of the media section at fault; null when it is the description as a whole. */
  readonly section: number | null;

  constructor(fault: SdpFault, message: string, section: number | null = null) {
    super(section === null ? message : `Media section ${section}: ${message}`);
    this.name = 'SdpRefusal';
    this.fault = fault;
    this.section = section;
  }
}

/** A stranger's words inside a message of ours: short, and without anything that a terminal or a log would obey. */
export function quote(words: string): string {
  const printable = words.replace(/[^\x20-\x7e]/g, '?');
  return `“${printable.length > 40 ? `${printable.slice(0, 40)}…` : printable}”`;
}
