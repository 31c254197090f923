import { expect, test } from '@jest/globals';
import { assemblyFolder } from './assembly.ts';
import { keptFiles, staleFiles } from './kept-files.ts';

const made = keptFiles(assemblyFolder());

test('the snapshots and docs/aws are those of this code: else `npm run infra:check -- --write`, and read the difference', () => {
  expect(staleFiles(made)).toEqual([]);
});

test('no snapshot has a digest or the hash of an asset', () => {
  const snapshots = Object.entries(made).filter(([path]) => path.startsWith('infra/snapshots/'));
  expect(snapshots.length).toBeGreaterThan(40);
  expect(snapshots.filter(([, text]) => /[0-9a-f]{32}/.test(text)).map(([path]) => path)).toEqual([]);
});

test('the picture shows every stack that uses another, and every layer', () => {
  const page = made['docs/aws/architecture.md'] ?? '';
  for (const arrow of ['Api --> Ingress', 'Data --> Network', 'balancer -->|3001| api']) expect(page).toContain(arrow);
});
