/**
 * Spans through the door, by OpenTelemetry's API: command → transaction → relay. Without an SDK
 * that somebody registered, every call here ends in the API's own empty functions.
 *
 * Commands share transactions. A transaction's span hangs below the first command's and has links
 * to the others'; the relay's hangs below the transaction's, which is found by its centre: a
 * centre's commits come one after the other.
 */
import {
  context,
  isSpanContextValid,
  ROOT_CONTEXT,
  SpanStatusCode,
  trace,
  type Attributes,
  type Context,
  type Link,
  type Span,
  type SpanContext,
} from '@opentelemetry/api';
import type { Changes, Relay, Store } from '../events/ports.ts';

const tracer = trace.getTracer('couchline');

/** Interaction ids of a batch that its span names; the rest is counted. */
const IDS_NAMED = 32;

/** Commands under way, by what a transaction knows of them: those it carries are found in it. */
const underWay = new Map<string, SpanContext>();
/** The latest transaction of each centre, until its relay takes it. */
const committed = new Map<string, SpanContext>();

/**
 * Runs a command within its span.
 * @param command.key of a client's command `keyOf` it; of the service's own, the id of the interaction, agent or TV
 *   it is about
 */
export function inCommandSpan<T>(
  command: { name: string; centreId: string; key: string },
  act: (span: Span) => Promise<T>,
): Promise<T> {
  const span = tracer.startSpan(`command ${command.name}`, {
    attributes: { 'couchline.command': command.name, 'couchline.centre': command.centreId },
  });
  // Nobody listens, as mostly: then a command does not pay for being watched.
  return recorded(span) ? within(span, command.key, act) : act(span);
}

async function within<T>(span: Span, key: string, act: (span: Span) => Promise<T>): Promise<T> {
  underWay.set(key, span.spanContext());
  try {
    return await context.with(trace.setSpan(context.active(), span), () => act(span));
  } catch (error) {
    span.setStatus({ code: SpanStatusCode.ERROR });
    throw error;
  } finally {
    underWay.delete(key);
    span.end();
  }
}

/** What a client's command is known by. */
export function keyOf({ senderId, commandId }: { senderId: string; commandId: string }): string {
  return `${senderId} ${commandId}`;
}

/** The store, with a span about every transaction. */
export function tracedStore(store: Store): Store {
  return {
    ...store,
    async save(centreId, changes) {
      const span = startBelow('transaction', commandsOf(changes), {
        'couchline.centre': centreId,
        'couchline.commands': changes.taken.length,
        ...named(changes.interactions.map(({ next }) => next.id)),
      });
      try {
        await context.with(trace.setSpan(context.active(), span), () => store.save(centreId, changes));
        if (recorded(span)) committed.set(centreId, span.spanContext());
      } catch (error) {
        span.setStatus({ code: SpanStatusCode.ERROR });
        throw error;
      } finally {
        span.end();
      }
    },
  };
}

/** The relay, with a span about what it makes of each commit, and its time told in milliseconds. */
export function tracedRelay(relay: Relay, relayed: (ms: number) => void): Relay {
  return {
    ...relay,
    committed(commit) {
      const began = performance.now();
      const centreId = commit.interactions[0]?.centreId ?? commit.agents[0]?.value.centreId ?? '';
      const transaction = committed.get(centreId);
      committed.delete(centreId);
      const span = startBelow(
        'relay',
        transaction === undefined ? [] : [transaction],
        named(commit.interactions.map(({ interaction }) => interaction.id)),
      );
      try {
        context.with(trace.setSpan(context.active(), span), () => relay.committed(commit));
      } finally {
        span.end();
        relayed(performance.now() - began);
      }
    },
  };
}

/** The spans of the commands that led to these changes. */
function commandsOf({ taken, interactions, agents, setTimers }: Changes): SpanContext[] {
  if (underWay.size === 0) return [];
  const keys = new Set([
    ...taken.map(keyOf),
    ...interactions.flatMap(({ next }) => [next.id, next.tv.tvId]),
    ...agents.map(({ next }) => next.id),
    ...setTimers.map(({ say }) => (say.to === 'agent' ? say.agentId : say.interactionId)),
  ]);
  return [...keys].flatMap((key) => underWay.get(key) ?? []);
}

function startBelow(name: string, parents: SpanContext[], attributes: Attributes): Span {
  const [parent, ...others] = parents;
  const links: Link[] = others.map((other) => ({ context: other }));
  // What the event loop happens to carry is the command that began the batch's loop, maybe long ago.
  const below: Context = parent === undefined ? ROOT_CONTEXT : trace.setSpanContext(ROOT_CONTEXT, parent);
  return tracer.startSpan(name, { attributes, links }, below);
}

function named(interactionIds: string[]): Attributes {
  return { 'couchline.interactions': interactionIds.slice(0, IDS_NAMED) };
}

function recorded(span: Span): boolean {
  return isSpanContextValid(span.spanContext());
}
