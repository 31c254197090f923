import { readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from '@jest/globals';
import { freshApi } from '../support/harness/api.ts';
import { inTime } from '../support/harness/in-time.ts';
import { read, root } from '../support/tree.ts';
import { runGeneratedClient } from './generated-client.ts';
import { npmTools, whyNoNpmTools } from './npm-tools.ts';

const { accounts, api } = freshApi();

test('the page installs the versions that are tried here', () => {
  const { dependencies } = JSON.parse(readFileSync(join(root, 'test/oracles/npm/package.json'), 'utf8'));
  for (const name of ['@hey-api/openapi-ts', 'typescript', '@types/node']) {
    expect(read('docs/how-to/generate-a-client.md')).toContain(`${name}@${dependencies[name]}`);
  }
});

test(
  'a client in TypeScript that is generated from the document compiles strictly and moves money',
  async () => {
    expect(await whyNoNpmTools()).toBeNull();
    const { printed, prints } = await runGeneratedClient({
      language: 'ts',
      file: 'move-money.ts',
      env: { PATH: `${dirname(process.execPath)}:${process.env['PATH']}`, HOME: process.env['HOME'] },
      prepare: (folder) => {
        writeFileSync(join(folder, 'package.json'), '{"type": "commonjs"}');
        symlinkSync(join(npmTools, 'node_modules'), join(folder, 'node_modules'));
      },
      api,
      accounts,
    });
    expect(printed).toMatch(prints);
  },
  inTime(300_000),
);
