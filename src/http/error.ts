/** Answers of 400 and above, as errors that a route throws; src/http/app.ts writes them as `ApiError`. */
import type { z } from 'zod';

/** `message` is shown to people; nothing in it comes from the inside. */
export class HttpError extends Error {
  readonly status: number;
  /** A word for programs: `notFound`, `malformed`, `unauthorized`, `forbidden`, `conflict`, `rateLimited`, … */
  readonly error: string;

  constructor(status: number, error: string, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'HttpError';
    this.status = status;
    this.error = error;
  }

  static malformed(message: string): HttpError {
    return new HttpError(400, 'malformed', message);
  }

  static unauthorized(): HttpError {
    return new HttpError(401, 'unauthorized', 'You are not signed in. Sign in and try again.');
  }

  static notFound(what: string): HttpError {
    return new HttpError(
      404,
      'notFound',
      `${what} was not found here. Check the address, or go back and choose again.`,
    );
  }
}

/**
 * A request's body or parameters as the schema wants them.
 * @throws HttpError 400 that names the first field that does not fit
 */
export function parse<T>(schema: z.ZodType<T>, value: unknown): T {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  const where = issue === undefined || issue.path.length === 0 ? 'The request' : `"${issue.path.join('.')}"`;
  throw HttpError.malformed(
    `${where} was not understood: ${issue?.message ?? 'it does not fit'}. Correct it and send it again.`,
  );
}
