/** Whom to call, for somebody with a softphone who wants to know whether calls get through. */
import { networkInterfaces } from 'node:os';
import { lanAddress } from './lanAddress.ts';

/** Which SIP server there is: a drachtio-server's control port, or where the embedded one listens. */
type SipServer =
  { daemon: { host: string; port: number } } | { engine: { address: string; externalAddress: string | null } };

/** @param port the embedded server's SIP port */
export function howToCall(server: SipServer, port: number | null): string {
  if ('daemon' in server) {
    const { host, port: control } = server.daemon;
    return `SIP goes by the drachtio-server at ${host}:${control}: call echo there with any softphone and hear yourself.`;
  }
  const { address, externalAddress } = server.engine;
  const host = externalAddress ?? lanAddress(address, networkInterfaces());
  return `Call sip:echo@${host}:${port} with any softphone and hear yourself.`;
}
