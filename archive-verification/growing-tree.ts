import { leftSizeOf, nodeHash } from './tree.ts';

/** A tree whose root is wanted after each new leaf. */
export type GrowingTree = { add(leaf: Buffer): void; size(): number; root(): Buffer };

/**
 * The roots of a tree while it grows, by the definition of RFC 6962. What is kept are whole subtrees of which later roots are made: as many hashes as
 * its size has binary digits, however many leaves there are. A root is asked for when there is a leaf.
 */
export function createGrowingTree(): GrowingTree {
  const whole = new Map<string, Buffer>();
  let size = 0;
  function rootOver(from: number, to: number): Buffer {
    const known = whole.get(`${from} ${to}`);
    if (known) return known;
    const left = leftSizeOf(to - from);
    const middle = from + left;
    const root = nodeHash(rootOver(from, middle), rootOver(middle, to));
    // No later leaf changes it, and its halves are of no more use.
    if (left * 2 === to - from) {
      whole.set(`${from} ${to}`, root);
      whole.delete(`${from} ${middle}`);
      whole.delete(`${middle} ${to}`);
    }
    return root;
  }
  return {
    add: (leaf) => {
      whole.set(`${size} ${size + 1}`, leaf);
      size += 1;
    },
    size: () => size,
    root: () => rootOver(0, size),
  };
}
