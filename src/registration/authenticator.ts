/** How an agent proves who they are. Passwords today; single sign-on joins as another kind of proof. */
import { hashPassword, verifyPassword } from './password.ts';
import type { AgentRecord, RegistrationStore } from './ports.ts';

export type AgentProof = { kind: 'password'; email: string; password: string };

export interface AgentAuthenticator {
  /** @returns null when the proof does not hold, whatever the reason, after the same work */
  authenticate(proof: AgentProof): Promise<AgentRecord | null>;
}

/** Checks a password against the hash that the contact centre keeps. */
export function createPasswordAuthenticator(store: Pick<RegistrationStore, 'findAgentByEmail'>): AgentAuthenticator {
  // An unknown address costs the same derivation as a known one: the time taken says nothing.
  const nobody = hashPassword('');
  return {
    async authenticate({ email, password }) {
      const agent = await store.findAgentByEmail(email);
      const matches = await verifyPassword(password, agent?.passwordHash ?? (await nobody));
      return matches ? agent : null;
    },
  };
}
