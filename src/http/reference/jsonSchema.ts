/** zod's schemas as JSON Schema 2020-12, with what has a name kept once under `components`. */
import { z } from 'zod';

export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
export type JsonObject = { [key: string]: Json };

/** Collects what several schemas share while they are converted. */
export class Components {
  readonly schemas: JsonObject = {};

  /** @param io `input` for what is sent to the service, with what may be left out; `output` for what it says */
  convert(schema: z.ZodType, io: 'input' | 'output'): JsonObject {
    const converted = z.toJSONSchema(z.object({ it: schema }), {
      io,
      target: 'draft-2020-12',
      // A receiver passes over what it does not know: there may be more some day.
      override: ({ jsonSchema }) => {
        if (jsonSchema.additionalProperties === false) delete jsonSchema.additionalProperties;
        // Where a schema is put tells its name already.
        delete jsonSchema.id;
      },
    });
    const moved = JSON.parse(JSON.stringify(converted).replaceAll('"#/$defs/', '"#/components/schemas/')) as {
      $defs?: JsonObject;
      properties: { it: JsonObject };
    };
    Object.assign(this.schemas, moved.$defs);
    return moved.properties.it;
  }
}
