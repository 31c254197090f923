import { hash as digestOf } from 'node:crypto';
import { check } from '../domain/check.ts';

/**
 * What a tree of RFC 6962 is continued from: how many leaves it has, and the roots of its whole subtrees in hex, the largest (which has the
 * oldest leaves) first.
 */
export type Edge = { size: number; hashes: string[] };

/** The tree without leaves. */
export const emptyEdge: Edge = { size: 0, hashes: [] };

/** The hash of a leaf: of its bytes, or of the UTF-8 of its text. */
export const leafHash = (leaf: Uint8Array | string): string =>
  digestOf('sha256', typeof leaf === 'string' ? `\0${leaf}` : Buffer.concat([leafMark, leaf]));

/** The tree with one more leaf. Each subtree that is as large as the new one becomes one with it. */
export function append({ size, hashes }: Edge, leaf: string): Edge {
  const left = [...hashes];
  let hash = leaf;
  for (let rest = size; rest % 2 === 1; rest = (rest - 1) / 2) hash = nodeHash(topOf(left), hash);
  return { size: size + 1, hashes: [...left, hash] };
}

/** The root over all leaves, in hex. */
export function rootOf({ hashes }: Edge): string {
  const [last, ...larger] = hashes.toReversed();
  if (last === undefined) return digestOf('sha256', '');
  return larger.reduce((root, hash) => nodeHash(hash, root), last);
}

/** The root over these hashes of leaves. The last one of an odd number stays as it is, one level up: so the tree is split as RFC 6962 does. */
export function rootOver(leaves: readonly string[]): string {
  let level = leaves;
  while (level.length > 1) {
    const above: string[] = [];
    for (let i = 0; i < level.length; i += 2) above.push(pairHash(level[i], level[i + 1]));
    level = above;
  }
  return level[0] ?? rootOf(emptyEdge);
}

function pairHash(left = '', right?: string): string {
  return right === undefined ? left : nodeHash(left, right);
}

/** A leaf and a node never have the same hash. */
const leafMark = Uint8Array.of(0);

/** A byte 01 and two hashes: written over by each node, because a segment has as many as records. */
const nodeBytes = Buffer.alloc(65, 1);

function nodeHash(left: string, right: string): string {
  nodeBytes.write(left, 1, 'hex');
  nodeBytes.write(right, 33, 'hex');
  return digestOf('sha256', nodeBytes);
}

function topOf(hashes: string[]): string {
  const top = hashes.pop();
  check(top !== undefined, 'a tree has a hash for each whole subtree');
  return top;
}
