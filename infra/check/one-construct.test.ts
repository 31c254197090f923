import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';

const folder = join(import.meta.dirname, '..');

test('a file has one construct: what a stack is made of can be read from the list of files', () => {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter(
    (file) => file.endsWith('.ts') && !file.includes('node_modules'),
  );
  const counted = files.map((file) => ({
    file,
    constructs: readFileSync(join(folder, file), 'utf8').match(/\bclass \w+ extends (Construct|Stack|Stage)\b/g) ?? [],
  }));
  expect(counted.filter(({ constructs }) => constructs.length > 1)).toEqual([]);
  expect(counted.filter(({ constructs }) => constructs.length === 1).length).toBeGreaterThan(40);
});
