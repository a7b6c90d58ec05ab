/** Schemas of what TVs and agents tell; each is held against the domain's type by the compiler. */
import { z } from 'zod';
import type { FaultCondition, ScreenStructure, ServiceContext, ServiceRequest } from '../interaction/facts.ts';
import type { Check, Task } from '../diagnosis/diagnosis.ts';

export const text = (max: number) => z.string().trim().min(1).max(max);
export const id = z
  .string()
  .min(1)
  .max(64)
  .regex(/^[A-Za-z0-9_-]+$/, 'letters, digits, - and _ only');

const scalarFacts = z
  .record(z.string().min(1).max(40), z.union([z.string().max(200), z.number(), z.boolean()]))
  .refine((facts) => Object.keys(facts).length <= 40, 'at most 40 facts');

/** `namespace:name`, such as `playback:stalled` or `tr069:9002`. */
const faultCode = z
  .string()
  .max(80)
  .regex(/^[a-z0-9]+:[A-Za-z0-9._-]+$/, 'namespace:name');

export const faultCondition = z.object({
  code: faultCode,
  title: text(80),
  detail: scalarFacts,
  since: z.number().int(),
  count: z.number().int().min(1),
}) satisfies z.ZodType<FaultCondition>;

export const screenStructure = z.object({
  path: z.array(text(80)).max(8),
  focused: z.string().max(120).nullable(),
  recentActions: z.array(text(120)).max(12),
}) satisfies z.ZodType<ScreenStructure>;

export const serviceContext = z.object({
  serviceState: text(40),
  facts: scalarFacts,
}) satisfies z.ZodType<ServiceContext>;

export const serviceRequest = z.object({
  fault: faultCondition.nullable(),
  screen: screenStructure,
  context: serviceContext,
}) satisfies z.ZodType<ServiceRequest>;

export const check = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('playback'), seconds: z.number().int().min(1).max(60) }),
  z.object({ kind: z.literal('network'), url: z.url().max(300).optional() }),
  z.object({ kind: z.literal('fault'), code: faultCode }),
  z.object({ kind: z.literal('host'), name: id }),
]) satisfies z.ZodType<Check>;

const taskPicture = z.enum(['unplug', 'router', 'cable', 'remote', 'wifi', 'restart', 'card']);

/** A task as an agent or the catalogue writes it; the service gives the id. */
export const taskDraft = z.object({
  title: text(80),
  detail: z.string().max(160).optional(),
  picture: taskPicture.optional(),
  check: check.optional(),
  choices: z.array(text(40)).min(2).max(4).optional(),
}) satisfies z.ZodType<Omit<Task, 'id'>>;

/** What a TV tells of itself when it registers (M1, M23). */
export const tvTold = z.object({
  form: z.enum(['all-in-one', 'set-top-box']),
  model: text(60),
  displayModel: text(60).nullable(),
  firmware: text(40),
  /** "Chromium 120", "Tizen 6.5 / Chromium 85". */
  engine: text(120),
  mac: z
    .string()
    .regex(/^[0-9a-f]{2}(:[0-9a-f]{2}){5}$/i)
    .nullable(),
  operator: text(60).nullable(),
  region: text(60).nullable(),
  capabilities: z.object({
    camera: z.boolean(),
    microphone: z.boolean(),
    webrtc: z.boolean(),
    memoryMb: z.number().int().positive().nullable(),
  }),
  /** The user as the host app knows them. */
  user: z
    .object({ reference: text(64), name: text(80), address: text(200).nullable(), number: text(32).nullable() })
    .nullable(),
  /** The representative wanted: a name or an id (seed 53). */
  wantedRepresentative: text(80).nullable(),
});
export type TvTold = z.infer<typeof tvTold>;

/** What an agent's computer tells of itself (M2). */
export const agentTold = z.object({
  device: text(120),
  appVersion: text(40),
});
export type AgentTold = z.infer<typeof agentTold>;
