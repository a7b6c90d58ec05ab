/** Random secrets and what is kept of them: only their SHA-256, which suffices for 256 random bits. */
import { hash, randomBytes, timingSafeEqual } from 'node:crypto';

/** 256 random bits in 43 characters that need no escaping anywhere. */
export function mintToken(): string {
  return randomBytes(32).toString('base64url');
}

/** What is stored instead of a token or secret: 32 bytes. */
export function hashToken(token: string): Buffer {
  return hash('sha256', token, 'buffer');
}

/** Tells a session of a TV or agent from its others: as much of its token's hash as that takes. */
export function sessionKeyOf(tokenHash: Buffer): string {
  return tokenHash.toString('base64', 0, 12);
}

/** Compares two hashes in a time that says nothing about where they differ. */
export function sameHash(one: Buffer, other: Buffer): boolean {
  return one.length === other.length && timingSafeEqual(one, other);
}
