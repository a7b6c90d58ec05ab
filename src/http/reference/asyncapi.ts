/** Connections and webhooks as AsyncAPI 3, made from the schemas that parse them. */
import type { z } from 'zod';
import { agentMessage, tvMessage } from '../../protocol/client.ts';
import { EVENT_TYPES } from '../../protocol/eventTypes.ts';
import { CONNECT_PATH } from '../../protocol/version.ts';
import { interactionCloudEvent, testCloudEvent } from './cloudEvents.ts';
import { Components, type JsonObject } from './jsonSchema.ts';
import { serverMessage } from './messages.ts';

/** The members of a discriminated union of messages, by their type. */
function membersOf(union: { options: readonly z.ZodType[] }): Map<string, z.ZodType> {
  return new Map(
    union.options.map((option) => {
      const { type } = (option as z.ZodObject<{ type: z.ZodLiteral<string> }>).shape;
      return [type.value, option];
    }),
  );
}

/** @param publicUrl how clients reach the service */
export function asyncApiDocument(publicUrl: string): JsonObject {
  const components = new Components();
  const messages: JsonObject = {};
  const add = (key: string, name: string, schema: z.ZodType, io: 'input' | 'output', more: JsonObject = {}) => {
    messages[key] = {
      name,
      title: name,
      contentType: 'application/json',
      ...more,
      payload: components.convert(schema, io),
    };
    return key;
  };
  const fromTv = [...membersOf(tvMessage)].map(([type, schema]) => add(`tv_${type}`, type, schema, 'input'));
  const fromAgent = [...membersOf(agentMessage)].map(([type, schema]) => add(`agent_${type}`, type, schema, 'input'));
  const fromService = [...membersOf(serverMessage)].map(([type, schema]) =>
    add(`service_${type}`, type, schema, 'output'),
  );
  const signed: JsonObject = {
    contentType: 'application/cloudevents+json',
    headers: {
      type: 'object',
      required: ['webhook-id', 'webhook-timestamp', 'webhook-signature'],
      properties: {
        'webhook-id': { type: 'string', description: 'The same at every try.' },
        'webhook-timestamp': { type: 'string', description: 'Seconds since the epoch.' },
        'webhook-signature': { type: 'string', description: 'One or more of `v1,` and base64, parted by blanks.' },
      },
    },
  };
  const delivered = [
    add('webhook_interaction', 'com.couchline.interaction.*', interactionCloudEvent, 'output', {
      ...signed,
      description: Object.entries(EVENT_TYPES)
        .map(([type, what]) => `- \`com.couchline.interaction.${type}\`: ${what}.`)
        .join('\n'),
    }),
    add('webhook_test', 'com.couchline.webhook.test', testCloudEvent, 'output', signed),
  ];

  const channel = (address: string | null, title: string, keys: string[]): JsonObject => ({
    address,
    title,
    messages: Object.fromEntries(keys.map((key) => [key, { $ref: `#/components/messages/${key}` }])),
  });
  const operation = (action: 'send' | 'receive', on: string, summary: string, keys: string[]): JsonObject => ({
    action,
    channel: { $ref: `#/channels/${on}` },
    summary,
    messages: keys.map((key) => ({ $ref: `#/channels/${on}/messages/${key}` })),
  });
  const { host, protocol } = new URL(publicUrl);
  return {
    asyncapi: '3.0.0',
    info: {
      title: 'Couchline',
      version: '1',
      description:
        'The connection of TVs and agents’ computers, and what webhooks deliver. Every message of a client carries an id of its own; the same message repeated takes effect once.',
    },
    defaultContentType: 'application/json',
    servers: {
      service: { host, protocol: protocol === 'https:' ? 'wss' : 'ws', description: 'TVs and agents connect here.' },
    },
    channels: {
      connection: {
        ...channel(CONNECT_PATH, 'One WebSocket of a TV or an agent’s computer', [
          ...fromTv,
          ...fromAgent,
          ...fromService,
        ]),
        servers: [{ $ref: '#/servers/service' }],
      },
      webhook: channel(null, 'An endpoint of the contact centre’s own', delivered),
    },
    operations: {
      hearTv: operation('receive', 'connection', 'What a TV says', fromTv),
      hearAgent: operation('receive', 'connection', 'What an agent’s computer says', fromAgent),
      tell: operation('send', 'connection', 'What the service says', fromService),
      deliver: operation('send', 'webhook', 'Events, in order within an interaction, at least once', delivered),
    },
    components: { messages, schemas: { ...components.schemas } },
  };
}
