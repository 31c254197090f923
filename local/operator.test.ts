import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from '@jest/globals';

const folder = mkdtempSync(join(tmpdir(), 'quittance-operator-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

type Run = { code: number; out: string; err: string };

/** `npm run operator -- …` where no copy has run. */
function operator(args: string[], environment: Record<string, string> = {}): Promise<Run> {
  const { PATH = '' } = process.env;
  return new Promise((resolve) => {
    const env = { PATH, LOCAL_DATA: join(folder, 'none'), ...environment };
    execFile(process.execPath, [join(import.meta.dirname, 'operator.ts'), ...args], { env }, (error, out, err) => {
      resolve({ code: error === null ? 0 : typeof error.code === 'number' ? error.code : -1, out, err });
    });
  });
}

test('shows its commands although nothing runs', async () => {
  const { code, out } = await operator(['--help']);
  expect(out).toMatch(/tenant[\s\S]+key[\s\S]+rail[\s\S]+notice[\s\S]+verify[\s\S]+sample/);
  expect(code).toBe(0);
});

test.each([
  [['rail', 'list'], 1, /^Quittance does not run here: `npm start` it first, or set DATABASE_URL\.\n$/],
  [['verify'], 2, /^Quittance does not run here: `npm start` it first, or set DATABASE_URL\.\n$/],
])('%j where nothing runs is one sentence', async (args, code, sentence) => {
  const run = await operator(args);
  expect(run.err).toMatch(sentence);
  expect(run.code).toBe(code);
});

test('DATABASE_URL is handed on as it is', async () => {
  const { code, err } = await operator(['rail', 'list'], { DATABASE_URL: 'postgres://a:hush@127.0.0.1:1/quittance' });
  expect(err).toMatch(/^Nothing answers at 127\.0\.0\.1:1: [^\n]+\n$/);
  expect(code).toBe(1);
});

test('a key of the archive is made although nothing runs', async () => {
  const path = join(folder, 'archive.pem');
  const { code, out } = await operator(['archive', 'make-key', '--out', path]);
  expect([code, out]).toEqual([0, expect.stringMatching(/^quittance\+[0-9a-f]{8}\+\S{44}\n$/)]);
});
