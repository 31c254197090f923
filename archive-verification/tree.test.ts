import { createHash } from 'node:crypto';
import { expect, test } from '@jest/globals';
import { leafHash as ownLeafHash, rootOver } from '../archive/tree.ts';
import { createGrowingTree } from './growing-tree.ts';
import { leafHash, pathOf, rootByProof, rootOf } from './tree.ts';

/** The leaves and roots by which implementations of Certificate Transparency are tried. */
const inputs = ['', '00', '10', '2021', '3031', '40414243', '5051525354555657', '606162636465666768696a6b6c6d6e6f'];
const roots = [
  '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
  'fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125',
  'aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77',
  'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
  '4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4',
  '76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef',
  'ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c',
  '5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328',
];
const leaves = inputs.map((hex) => leafHash(Buffer.from(hex, 'hex')));
const many = Array.from({ length: 130 }, (_, i) => leafHash(Buffer.from(`leaf ${i}`)));

test.each(roots.map((root, i) => [i + 1, root] as const))('the tree of %i leaves has its known root', (size, root) => {
  expect(rootOf(leaves.slice(0, size)).toString('hex')).toBe(root);
});

test('the tree without leaves has the hash of nothing', () => {
  expect(rootOf([])).toEqual(createHash('sha256').digest());
});

test('a tree that grows has each root by the definition, and so has the one that the archive is written with', () => {
  const tree = createGrowingTree();
  for (const [i, leaf] of many.entries()) {
    tree.add(leaf);
    const root = rootOf(many.slice(0, i + 1)).toString('hex');
    expect([tree.size(), tree.root().toString('hex')]).toEqual([i + 1, root]);
    expect(rootOver(many.slice(0, i + 1).map((hash) => hash.toString('hex')))).toBe(root);
  }
  expect(ownLeafHash('leaf 3')).toBe(many[3]?.toString('hex'));
});

test('a leaf is proven at its place, and nowhere else, and no other leaf is', () => {
  for (const size of [1, 2, 3, 7, 8, 100, 130]) {
    const all = many.slice(0, size);
    const root = rootOf(all);
    for (const [place, leaf] of all.entries()) {
      const path = pathOf(all, place);
      expect(rootByProof({ leaf, place, size, path })).toEqual(root);
      const others = [
        { leaf: leafHash(Buffer.from('another')), place, size, path },
        { leaf, place: place + 1, size, path },
        { leaf, place, size, path: [...path, root] },
        { leaf, place, size, path: path.slice(1) },
      ];
      for (const other of size === 1 ? others.slice(0, 3) : others) expect(rootByProof(other)).not.toEqual(root);
    }
  }
});
