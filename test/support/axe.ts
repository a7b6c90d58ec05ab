/** axe-core in a page: what it finds that keeps people out. */
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import type { Page } from 'playwright-core';

interface Violation {
  id: string;
  impact: string;
  nodes: { html: string; failureSummary: string }[];
}

declare global {
  interface Window {
    axe: { run(options: object): Promise<{ violations: Violation[] }> };
  }
}

const source = readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** Rules that colours decide. */
const COLOURS = ['color-contrast', 'link-in-text-block'];

/** What is serious or critical, as lines that name the rule and the element. @param rules all of them by default */
export async function seriousProblems(page: Page, rules?: readonly string[]): Promise<string[]> {
  await page.evaluate(await source);
  const some = rules === undefined ? {} : { runOnly: { type: 'rule', values: rules } };
  const { violations } = await page.evaluate((options) => window.axe.run(options), {
    resultTypes: ['violations'],
    ...some,
  });
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, nodes }) => nodes.map(({ html, failureSummary }) => `${id}: ${html}\n${failureSummary}`));
}

/** The same, light and dark; in the dark nothing but the colours is another. The page stays dark. */
export async function seriousInBoth(page: Page): Promise<string[]> {
  await page.emulateMedia({ colorScheme: 'light' });
  const inLight = await seriousProblems(page);
  await page.emulateMedia({ colorScheme: 'dark' });
  const inDark = await seriousProblems(page, COLOURS);
  return [...inLight, ...inDark.map((line) => `dark: ${line}`)];
}
