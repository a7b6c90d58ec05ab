/** The log: JSON lines with ids and no personal data. */
import { pino, stdSerializers, stdTimeFunctions, type DestinationStream, type Level, type Logger } from 'pino';

/** An error as it is logged. */
export interface LoggedError {
  type: string;
  message: string;
  stack: string;
  /** Of Node, of Postgres. */
  code?: string;
  /** What was in the way, by its name in the schema. */
  constraint?: string;
  cause?: LoggedError;
}

/** @param destination standard output when left out */
export function createLog(
  level: Level | 'silent',
  destination: DestinationStream = gathered(pino.destination({ dest: 1, sync: true })),
): Logger {
  const options = { level, base: null, timestamp: stdTimeFunctions.isoTime, serializers: { err: serializeError } };
  return pino(options, destination);
}

/** Writes the lines of one turn of the event loop in one piece: a commit of a hundred commands is one call into the kernel. */
export function gathered(destination: DestinationStream): DestinationStream {
  let lines = '';
  const write = () => {
    if (lines === '') return;
    const all = lines;
    lines = '';
    destination.write(all);
  };
  // The last words of a process that ends in this turn.
  process.on('exit', write);
  return {
    write(line) {
      if (lines === '') process.nextTick(write);
      lines += line;
    },
  };
}

/**
 * What tells a fault of ours, and nothing else: an error of the database carries the row it was
 * about in its detail, and that row may be somebody's name and address.
 */
export function serializeError(error: unknown): LoggedError {
  if (!(error instanceof Error)) return serializeError(new Error('Something was thrown that is no error.'));
  const { type, message, stack } = stdSerializers.err(new Error(error.message));
  const { code, constraint, cause } = error as { code?: unknown; constraint?: unknown; cause?: unknown };
  return {
    type: error.name ?? type,
    message,
    stack: error.stack ?? stack,
    ...(typeof code === 'string' ? { code } : {}),
    ...(typeof constraint === 'string' ? { constraint } : {}),
    ...(cause instanceof Error ? { cause: serializeError(cause) } : {}),
  };
}
