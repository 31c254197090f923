import { once } from 'node:events';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { execa, execaSync } from 'execa';
import { findTemporal } from './find-temporal.ts';

/** A place for releases on this machine, whose `temporal` is a script that knows `server start-dev`. */
const { PATH, HOME } = process.env;
let folder = '';
let server: Server;
let requests: string[] = [];
let answers: { status: number; body: Buffer } = { status: 404, body: Buffer.alloc(0) };
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'quittance-temporal-'));
  requests = [];
  server = createServer((request, response) => {
    requests.push(request.url ?? '');
    response.writeHead(answers.status).end(answers.body);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  // No `temporal` and no Go there, and `tar` is.
  const tar = execaSync('sh', ['-c', 'command -v tar']).stdout;
  writeFileSync(join(folder, 'tar'), `#!/bin/sh\nexec ${tar} "$@"\n`);
  chmodSync(join(folder, 'tar'), 0o755);
  Object.assign(process.env, { PATH: `${folder}:/nowhere`, HOME: folder });
});
afterEach(() => {
  Object.assign(process.env, { PATH, HOME });
  server.close();
  rmSync(folder, { recursive: true });
});

const find = () =>
  findTemporal(() => {}, {
    cache: join(folder, 'cache'),
    releases: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
  });

test('the pinned release is downloaded once, and is kept', async () => {
  answers = { status: 200, body: await archiveOf('#!/bin/sh\nexit 0\n') };
  const [first, second] = [await find(), await find()];
  expect(requests).toEqual([
    expect.stringMatching(/^\/v(1\.\d+\.\d+)\/temporal_cli_\1_(linux|darwin)_(amd|arm)64\.tar\.gz$/),
  ]);
  expect(second).toEqual(first);
  expect(readFileSync(first.path, 'utf8')).toBe('#!/bin/sh\nexit 0\n');
});

test.each([
  ['a refusal', 403, async () => Buffer.from('no')],
  ['the page of a portal', 200, async () => Buffer.from('<html>log in</html>')],
  ['a program that does not run here', 200, () => archiveOf('#!/bin/sh\nexit 1\n')],
])('%s is no program: without Go the sentence names the ways that are left', async (_, status, body) => {
  answers = { status, body: await body() };
  await expect(find()).rejects.toThrow(
    /^Temporal is needed and was not found: set TEMPORAL_ADDRESS .* or install the `temporal` CLI .*, or install Go [^\n]+$/,
  );
});

async function archiveOf(script: string): Promise<Buffer> {
  writeFileSync(join(folder, 'temporal'), script);
  chmodSync(join(folder, 'temporal'), 0o755);
  const { stdout } = await execa({ cwd: folder, encoding: 'buffer', env: { PATH } })`tar -cz temporal`;
  rmSync(join(folder, 'temporal'));
  return Buffer.from(stdout);
}
