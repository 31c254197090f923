import { createHash } from 'node:crypto';

/** How a leaf is proven: its place among so many, and the hashes beside the way from it to the root, the nearest first. */
export type Proof = { leaf: Buffer; place: number; size: number; path: readonly Buffer[] };

/** The hash of a leaf (RFC 6962, 2.1). */
export const leafHash = (leaf: Uint8Array): Buffer =>
  createHash('sha256').update(Uint8Array.of(0)).update(leaf).digest();

/** The hash of a node over the roots of its two sides. */
export const nodeHash = (left: Uint8Array, right: Uint8Array): Buffer =>
  createHash('sha256').update(Uint8Array.of(1)).update(left).update(right).digest();

/** The root over the leaves with these hashes, by the definition and not as the archive is written: `MTH(D[n])`. */
export function rootOf(leaves: readonly Buffer[], from = 0, to = leaves.length): Buffer {
  if (to - from <= 1) return leaves[from] ?? createHash('sha256').digest();
  const middle = from + leftSizeOf(to - from);
  return nodeHash(rootOf(leaves, from, middle), rootOf(leaves, middle, to));
}

/** What proves the leaf at that place: `PATH(m, D[n])`. */
export function pathOf(leaves: readonly Buffer[], place: number, from = 0, to = leaves.length): Buffer[] {
  if (to - from <= 1) return [];
  const middle = from + leftSizeOf(to - from);
  return place < middle
    ? [...pathOf(leaves, place, from, middle), rootOf(leaves, middle, to)]
    : [...pathOf(leaves, place, middle, to), rootOf(leaves, from, middle)];
}

/** The root that a proof leads to; null when no tree of that size has such a way. */
export function rootByProof({ leaf, place, size, path }: Proof): Buffer | null {
  if (size <= 1) return size === 1 && place === 0 && path.length === 0 ? leaf : null;
  const beside = path.at(-1);
  if (beside === undefined) return null;
  const left = leftSizeOf(size);
  const rest = path.slice(0, -1);
  if (place < left) {
    const below = rootByProof({ leaf, place, size: left, path: rest });
    return below && nodeHash(below, beside);
  }
  const below = rootByProof({ leaf, place: place - left, size: size - left, path: rest });
  return below && nodeHash(beside, below);
}

/** The largest power of two that is smaller than `size`, which is 2 or more. */
export function leftSizeOf(size: number): number {
  let left = 1;
  while (left * 2 < size) left *= 2;
  return left;
}
