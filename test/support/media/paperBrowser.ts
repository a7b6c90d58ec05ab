/** A browser that exists on paper only: it agrees to every offer, and no packet ever comes of it. */

const FINGERPRINT = Array.from({ length: 32 }, () => '5A').join(':');

/** @returns an answer that takes everything and sends in every section it may */
export function paperAnswer(offer: string): string {
  const [session = '', ...sections] = offer.split(/(?=^m=)/m);
  return [session.replace('a=ice-lite\r\n', ''), ...sections.map(section)].join('');
}

function section(lines: string, index: number): string {
  if (/^m=\w+ 0 /.test(lines)) return lines;
  const sends = lines.includes('a=sendrecv\r\n') || lines.includes('a=recvonly\r\n');
  const turned = lines
    .replace(
      /a=(sendonly|recvonly)\r\n/,
      (_line, direction) => `a=${direction === 'sendonly' ? 'recvonly' : 'sendonly'}\r\n`,
    )
    .replace('a=setup:actpass', 'a=setup:active')
    .replace(/a=fingerprint:.*\r\n/, `a=fingerprint:sha-256 ${FINGERPRINT}\r\n`)
    .replace(/a=(candidate:|end-of-candidates|msid:).*\r\n/g, '');
  return sends ? `${turned}a=ssrc:${1_000 + index} cname:paper\r\n` : turned;
}
