/**
 * Licences under which a package may be in the image, by their SPDX ids: all let us run and pass it on without opening what is ours. Another one
 * needs a person who has read it, and a line here.
 */
const allowed: ReadonlySet<string> = new Set([
  'MIT',
  'MIT-0',
  'ISC',
  'BSD-2-Clause',
  'BSD-3-Clause',
  '0BSD',
  'Apache-2.0',
  'BlueOak-1.0.0',
  'Python-2.0',
  'CC0-1.0',
  'CC-BY-4.0',
  'OFL-1.1',
  'Unlicense',
]);

/** Whether a licence, or an expression of several, is allowed: all of those that stand together, one of those to choose from. */
export function isAllowed(expression: string): boolean {
  const inner = expression.trim().replace(/^\(([^()]*)\)$/, '$1');
  if (inner.includes(' OR ')) return inner.split(' OR ').some(isAllowed);
  return inner.split(' AND ').every((id) => allowed.has(id.trim()));
}

/** Of packages whose package.json names none: what their LICENSE file is, as a person has read it, with the version that was read. */
export const readByHand: Readonly<Record<string, string>> = {
  'png-js@2.0.0': 'MIT',
  'unionfs@4.6.0': 'Unlicense',
};
