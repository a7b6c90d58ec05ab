import { answersTarget } from './answers.ts';
import { bodiesTarget } from './bodies.ts';
import { controlTarget } from './control.ts';
import type { FuzzTarget } from './fuzz.ts';
import { datagrams, streams, values } from './messages.ts';
import { wireTarget } from './wire.ts';

/** Everything of the SIP engine that takes bytes from strangers. */
export const SIP_TARGETS: readonly FuzzTarget[] = [
  datagrams,
  values,
  streams,
  answersTarget(),
  bodiesTarget(),
  controlTarget(),
  wireTarget(),
];
