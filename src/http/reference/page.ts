/** GET /docs: the OpenAPI document as a page to read. It runs no script and fetches nothing. */
import { EVENT_TYPES } from '../../protocol/eventTypes.ts';
import { pageColours } from '../pageColours.ts';
import type { Json, JsonObject } from './jsonSchema.ts';

/** @param document as src/http/reference/openapi.ts makes it */
export function referencePage(document: JsonObject): string {
  const paths = document.paths as { [path: string]: { [method: string]: JsonObject } };
  const operations = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ method, path, operation })),
  );
  const tags = (document.tags as { name: string }[]).map(({ name }) => name);
  const sections = tags.map((tag) => {
    const own = operations.filter(({ operation }) => (operation.tags as string[]).includes(tag));
    return `<section aria-labelledby="${anchor(tag)}"><h2 id="${anchor(tag)}">${text(tag)}</h2>
${own.map(operationOf).join('\n')}</section>`;
  });
  const schemas = Object.entries((document.components as { schemas: JsonObject }).schemas);
  return page(
    [...tags, 'Events', 'Schemas'].map((tag) => `<a href="#${anchor(tag)}">${text(tag)}</a>`).join(''),
    `${sections.join('\n')}
<section aria-labelledby="events"><h2 id="events">Events</h2>
<p>Webhooks deliver each event as CloudEvents 1.0, signed as Standard Webhooks defines it: at least once, in order
within an interaction. <code>GET /v1/interactions/{id}/events</code> answers the same.</p>
<table><thead><tr><th scope="col">Type</th><th scope="col">When</th></tr></thead><tbody>
${Object.entries(EVENT_TYPES)
  .map(([type, when]) => `<tr><td><code>com.couchline.interaction.${type}</code></td><td>${text(when)}</td></tr>`)
  .join('\n')}
</tbody></table></section>
<section aria-labelledby="schemas"><h2 id="schemas">Schemas</h2>
${schemas
  .map(
    ([name, schema]) =>
      `<details id="schema-${name}"><summary><code>${name}</code></summary>${schemaOf(schema)}</details>`,
  )
  .join('\n')}</section>`,
  );
}

function operationOf({ method, path, operation }: { method: string; path: string; operation: JsonObject }): string {
  const parameters = (operation.parameters ?? []) as {
    name: string;
    in: string;
    required?: boolean;
    description?: string;
  }[];
  const body = contentOf(operation.requestBody);
  const responses = Object.entries(operation.responses as { [status: string]: JsonObject });
  const description = String(operation.description ?? '');
  return `<details class="operation"><summary><span class="method">${method.toUpperCase()}</span>
<code>${text(path)}</code> <span class="what">${text(String(operation.summary))}</span></summary>
${description
  .split('\n\n')
  .filter((line) => line !== '')
  .map((line) => `<p>${text(line)}</p>`)
  .join('')}
${
  parameters.length === 0
    ? ''
    : `<table><thead><tr><th scope="col">Parameter</th><th scope="col">In</th><th scope="col">What</th></tr></thead><tbody>${parameters
        .map(
          (one) =>
            `<tr><td><code>${text(one.name)}</code>${one.required === true ? ' (required)' : ''}</td><td class="in">${one.in}</td><td>${text(one.description ?? '')}</td></tr>`,
        )
        .join('')}</tbody></table>`
}
${body === null ? '' : `<h3>Body</h3>${schemaOf(body)}`}
<h3>Answers</h3>
<table><thead><tr><th scope="col">Status</th><th scope="col">What</th></tr></thead><tbody>${responses
    .map(([status, response]) => {
      const schema = Number(status) < 400 ? contentOf(response) : null;
      return `<tr><td>${status}</td><td>${text(String(response.description))}${schema === null ? '' : schemaOf(schema)}</td></tr>`;
    })
    .join('')}</tbody></table>
</details>`;
}

function contentOf(holder: Json | undefined): Json | null {
  const content = (holder as { content?: { [type: string]: { schema: Json } } } | undefined)?.content;
  return content === undefined ? null : (Object.values(content)[0]?.schema ?? null);
}

/** JSON with links where it refers to a schema of the page. */
function schemaOf(schema: Json): string {
  const json = text(JSON.stringify(schema, null, 2));
  return `<pre tabindex="0">${json.replaceAll(
    /&quot;#\/components\/schemas\/(\w+)&quot;/g,
    '<a href="#schema-$1">&quot;$1&quot;</a>',
  )}</pre>`;
}

function anchor(tag: string): string {
  return tag.toLowerCase().replaceAll(' ', '-');
}

function text(value: string): string {
  return value.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}

const page = (contents: string, sections: string) => `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Couchline: HTTP API and webhooks</title>
<link rel="icon" href="/tv/icon.svg">
<style>
${pageColours}
body { margin: 0; background: var(--bg); color: var(--text);
  font: 16px/24px system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", Arial, sans-serif; }
main { max-width: 960px; margin: 0 auto; padding: 40px 24px; }
h1 { margin: 0 0 8px; font-size: 32px; line-height: 40px; font-weight: 600; }
h2 { margin: 40px 0 12px; font-size: 22px; line-height: 28px; font-weight: 600; }
h3 { margin: 16px 0 4px; font-size: 16px; }
p { margin: 0 0 12px; color: var(--text-2); }
a { color: var(--primary); }
nav { display: flex; flex-wrap: wrap; gap: 8px 20px; margin: 16px 0; }
code, pre { font: 14px/20px ui-monospace, "Cascadia Mono", Menlo, Consolas, monospace; }
pre { margin: 8px 0; padding: 12px; overflow: auto; max-height: 480px; border-radius: 8px; background: var(--raised); }
details { margin: 0 0 8px; padding: 0 16px; border: 1px solid var(--line); border-radius: 12px; background: var(--surface); }
summary { min-height: 48px; padding: 12px 0; cursor: pointer; overflow-wrap: anywhere; }
.method { display: inline-block; min-width: 64px; font-weight: 600; color: var(--primary); }
.what { color: var(--text-2); }
table { width: 100%; margin: 8px 0 16px; border-collapse: collapse; }
th, td { padding: 6px 12px 6px 0; border-bottom: 1px solid var(--raised); text-align: left; vertical-align: top; overflow-wrap: break-word; }
.in { white-space: nowrap; }
td code { overflow-wrap: anywhere; }
td pre { box-sizing: border-box; width: 0; min-width: 100%; }
:focus-visible { outline: 2px solid var(--focus); outline-offset: 2px; box-shadow: 0 0 0 4px var(--halo); border-radius: 8px; }
</style>
</head>
<body>
<main>
<h1>HTTP API and webhooks</h1>
<p>For a contact centre’s own systems. Keys and webhooks are made by supervisors, on the desktop’s page
“Other systems”. The same as documents: <a href="/openapi.json">OpenAPI 3.1</a>, and <a href="/asyncapi.json">AsyncAPI 3</a> for
connections and events.</p>
<nav aria-label="On this page">${contents}</nav>
${sections}
</main>
</body>
</html>
`;
