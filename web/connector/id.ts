/** An id for a message: 128 random bits as 32 hexadecimal digits. */
export function newId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  let id = '';
  for (let at = 0; at < bytes.length; at += 1) id += ((bytes[at] as number) + 256).toString(16).slice(1);
  return id;
}
