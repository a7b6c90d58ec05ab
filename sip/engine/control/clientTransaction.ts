import { serializeMessage } from '../messages/serialize.ts';
import type { InviteClientOwner } from '../transactions/inviteClient.ts';
import type { NonInviteClientOwner } from '../transactions/nonInviteClient.ts';
import type { ClientTransaction } from '../transactions/transactions.ts';
import type { Flow } from '../transports/flow.ts';
import type { Parts } from './parts.ts';
import { makeAck, type CompletedRequest } from './requestCompletion.ts';

/**
 * Sends a request in a client transaction of its method's kind (RFC 3261 17.1); refusals of an INVITE are acknowledged.
 * @param wire the request, where it is serialized already
 */
export function beginTransaction(
  { transactions }: Parts,
  { request, branch }: CompletedRequest,
  flow: Flow,
  owner: InviteClientOwner & NonInviteClientOwner,
  wire = serializeMessage(request),
): ClientTransaction {
  if (request.method !== 'INVITE') return transactions.request(branch, request.method, wire, flow, owner);
  return transactions.invite(
    branch,
    wire,
    flow,
    (refusal) => serializeMessage(makeAck(request, refusal.headers.get('to') ?? '')),
    owner,
  );
}
