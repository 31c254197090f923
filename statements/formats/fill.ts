/** Fills `{name}` in a sentence. A name without a value becomes nothing. */
export const fill = (pattern: string, values: Record<string, string | number>): string =>
  pattern.replaceAll(/\{(\w+)\}/g, (_, name: string) => String(values[name] ?? ''));
