import { dirname } from 'node:path';
import { expect, test } from '@jest/globals';
import { freshApi } from '../support/harness/api.ts';
import { inTime } from '../support/harness/in-time.ts';
import { read } from '../support/tree.ts';
import { runGeneratedClient } from './generated-client.ts';
import { findPythonGenerator } from './table.ts';

const { accounts, api } = freshApi();

test('the page installs the versions that are tried here', () => {
  const versions = read('test/oracles/requirements.txt').split('\n');
  for (const name of ['openapi-python-client', 'mypy']) {
    const version = versions.find((line) => line.startsWith(`${name}==`));
    expect(read('docs/how-to/generate-a-client.md')).toContain(version);
  }
});

test(
  'a client in Python that is generated from the document passes its type checker and moves money',
  async () => {
    const tool = await findPythonGenerator();
    if (typeof tool === 'string') throw new Error(tool);
    const { printed, prints } = await runGeneratedClient({
      language: 'python',
      file: 'move_money.py',
      env: { ...tool.env, PATH: `${dirname(tool.command[1] ?? '')}:${process.env['PATH']}` },
      api,
      accounts,
    });
    expect(printed).toMatch(prints);
  },
  inTime(300_000),
);
