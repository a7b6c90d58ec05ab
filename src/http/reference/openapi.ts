/** The HTTP side as OpenAPI 3.1, made from the schemas that parse it. */
import { interactionCloudEvent, testCloudEvent } from './cloudEvents.ts';
import { apiError } from './answers.ts';
import { Components, type JsonObject } from './jsonSchema.ts';
import { operations, type Operation } from './operations.ts';

const REFUSALS: Readonly<Record<number, string>> = {
  400: 'Not understood: the message names the first thing that does not fit.',
  401: 'Nobody is signed in, or no API key that counts came along.',
  403: 'Not allowed: the key lacks the scope, or a supervisor is needed.',
  404: 'The centre has nothing of this name.',
  409: 'Not now: the state does not allow it, or the same request is under way.',
  413: 'More than can be taken at once.',
  422: 'Understood, and not taken: it names what is not there, or the Idempotency-Key stood on another request.',
  429: 'Too much in a short time; Retry-After says when to come back.',
};

/** @param publicUrl how clients reach the service */
export function openApiDocument(publicUrl: string): JsonObject {
  const components = new Components();
  const paths: { [path: string]: JsonObject } = {};
  for (const operation of operations) {
    (paths[operation.path] ??= {})[operation.method] = describe(operation, components);
  }
  const delivery = (summary: string, schema: Parameters<Components['convert']>[0]): JsonObject => ({
    post: {
      summary,
      parameters: ['webhook-id', 'webhook-timestamp', 'webhook-signature'].map((name) => ({
        name,
        in: 'header',
        required: true,
        schema: { type: 'string' },
      })),
      requestBody: {
        required: true,
        content: { 'application/cloudevents+json': { schema: components.convert(schema, 'output') } },
      },
      responses: {
        '2XX': { description: 'Taken.' },
        '410': { description: 'No more of it: the webhook is turned off.' },
        '429': { description: 'Busy: tried again after Retry-After.' },
        default: { description: 'Tried again with growing waits, twelve times in all.' },
      },
    },
  });
  const webhooks = {
    interactionEvent: delivery(
      'An event of an interaction, signed as Standard Webhooks defines it',
      interactionCloudEvent,
    ),
    test: delivery('A test event, sent by a supervisor', testCloudEvent),
  };
  return {
    openapi: '3.1.1',
    info: {
      title: 'Couchline',
      version: '1',
      description: 'Commands in, and what came of them, for a contact centre’s own systems; events out, as webhooks.',
    },
    servers: [{ url: publicUrl }],
    tags: [...new Set(operations.map(({ tag }) => tag))].map((name) => ({ name })),
    paths,
    webhooks,
    components: {
      schemas: { ...components.schemas },
      securitySchemes: {
        apiKey: { type: 'http', scheme: 'bearer', description: 'An API key of the contact centre: ck_…' },
        session: {
          type: 'apiKey',
          in: 'cookie',
          name: 'couchline',
          description: 'Of a signed-in agent. What changes something also carries the header "X-Couchline: 1".',
        },
      },
    },
  };
}

function describe(operation: Operation, components: Components): JsonObject {
  const { auth, scope, body, query = [], idempotent = false } = operation;
  const json = (schema: JsonObject, type = 'application/json') => ({ content: { [type]: { schema } } });
  const parameters = [
    ...[...operation.path.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => ({
      name,
      in: 'path',
      required: true,
      schema: { type: 'string', maxLength: 64 },
    })),
    ...query.map(({ name, schema, description }) => ({
      name,
      in: 'query',
      description,
      schema: components.convert(schema, 'input'),
    })),
    ...(idempotent
      ? [
          {
            name: 'Idempotency-Key',
            in: 'header',
            required: true,
            description: 'Of your own, new for each command, the same when you repeat it: it is done once.',
            schema: { type: 'string', minLength: 8, maxLength: 128 },
          },
        ]
      : []),
  ];
  const responses: JsonObject = {};
  for (const [status, { description, schema, type }] of Object.entries(operation.answers)) {
    responses[status] = {
      description,
      ...(schema === undefined ? {} : json(components.convert(schema, 'output'), type)),
    };
  }
  const refusals = new Set([
    ...(operation.refusals ?? []),
    ...(auth === 'apiKey' ? [401, 403, 429] : auth === 'session' ? [401, 403, 429] : []),
    ...(body === undefined ? [] : [400, 413, 429]),
  ]);
  for (const status of [...refusals].sort((one, other) => one - other)) {
    responses[status] ??= { description: REFUSALS[status] ?? '', ...json(components.convert(apiError, 'output')) };
  }
  return {
    operationId: operation.id,
    tags: [operation.tag],
    summary: operation.summary,
    description: [operation.description, scope === undefined ? undefined : `Scope: ${scope}.`]
      .filter((line) => line !== undefined)
      .join('\n\n'),
    security: auth === null ? [] : [{ [auth]: [] }],
    ...(parameters.length === 0 ? {} : { parameters }),
    ...(body === undefined ? {} : { requestBody: { required: true, ...json(components.convert(body, 'input')) } }),
    responses,
  };
}
