/**
 * Writes the values of `:root`'s custom properties in where they are used, and takes their
 * declarations out, for engines that know none (Chromium before 49).
 * @throws Error naming a property that is used and not declared
 */
export function inlineTokens(css: string): string {
  const tokens = new Map<string, string>();
  const rest = css.replace(/:root\s*\{([^}]*)\}/g, (_, body: string) => {
    const declarations = body
      .replace(/\/\*[\s\S]*?\*\//g, '')
      .split(';')
      .map((line) => line.trim());
    for (const declaration of declarations) {
      const found = /^(--[\w-]+)\s*:\s*([\s\S]+)$/.exec(declaration);
      if (found) tokens.set(found[1] as string, (found[2] as string).trim());
    }
    const others = declarations.filter((line) => line !== '' && !line.startsWith('--'));
    return others.length === 0 ? '' : `:root{${others.join(';')}}`;
  });
  return rest.replace(/var\((--[\w-]+)\)/g, (_, name: string) => {
    const value = tokens.get(name);
    if (value === undefined) throw new Error(`${name} is used in the style sheet, but :root does not declare it`);
    return value;
  });
}
