import { createHash } from 'node:crypto';
import { expect, test } from '@jest/globals';
import { append, type Edge, emptyEdge, leafHash, rootOf, rootOver } from './tree.ts';

/** The leaves and roots of the reference implementation of RFC 6962: of the first 0 to 8 leaves. */
const leaves = ['', '00', '10', '2021', '3031', '40414243', '5051525354555657', '606162636465666768696a6b6c6d6e6f'];
const roots = [
  'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
  '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
  'fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125',
  'aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77',
  'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
  '4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4',
  '76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef',
  'ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c',
  '5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328',
];
const hashes = leaves.map((leaf) => leafHash(Buffer.from(leaf, 'hex')));

test.each(roots.map((root, size) => ({ size, root })))(
  'the root of the first $size leaves is that of RFC 6962',
  ({ size, root }) => {
    expect(rootOver(hashes.slice(0, size))).toBe(root);
  },
);

test('a text is its UTF-8', () => {
  expect(leafHash('€')).toBe(leafHash(Buffer.from('e282ac', 'hex')));
});

test('a tree is continued from its edge, which has a hash for each whole subtree', () => {
  let edge: Edge = emptyEdge;
  const names = Array.from({ length: 70 }, (_, i) => leafHash(`${i}`));
  for (const [i, name] of names.entries()) {
    // As a row of the database brings it.
    edge = append(JSON.parse(JSON.stringify(edge)) as Edge, name);
    expect(edge.size).toBe(i + 1);
    expect(edge.hashes).toHaveLength((i + 1).toString(2).replaceAll('0', '').length);
    expect(rootOf(edge)).toBe(rootByDefinition(names.slice(0, i + 1)));
  }
  expect(emptyEdge).toEqual({ size: 0, hashes: [] });
});

/** MTH of RFC 6962, 2.1: the tree is split at the largest power of two below its size. */
function rootByDefinition(of: readonly string[]): string {
  const [first] = of;
  if (of.length === 1 && first !== undefined) return first;
  const split = 2 ** Math.floor(Math.log2(of.length - 1));
  const halves = [of.slice(0, split), of.slice(split)].map((half) => Buffer.from(rootByDefinition(half), 'hex'));
  return createHash('sha256')
    .update(Buffer.concat([Buffer.of(1), ...halves]))
    .digest('hex');
}
