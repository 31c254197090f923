/** Whether CloudFront's path pattern takes a path: `*` is any text, `?` one character; upper and lower case differ. */
export function pathMatches(pattern: string, path: string): boolean {
  const parts = pattern.split(/([*?])/).map((part) => wildcards[part] ?? part.replace(/[.+^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${parts.join('')}$`).test(path);
}

const wildcards: Readonly<Record<string, string>> = { '*': '.*', '?': '.' };
