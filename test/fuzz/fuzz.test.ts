import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { toPublic } from '../../domain/ids.ts';
import { aKey, freshApi } from '../support/harness/api.ts';
import { inTime } from '../support/harness/in-time.ts';
import { root } from '../support/tree.ts';
import { runSchemathesis } from './schemathesis.ts';

/**
 * Requests that are made from the document that the API serves, right and wrong ones, against the API itself: no answer is 500, and each
 * is as the document says. `npm run fuzz` makes ten times as many; FUZZ_CASES says how many at least, FUZZ_SEED repeats a run.
 */
const casesMin = Number(process.env['FUZZ_CASES'] ?? 500);
// The check of `npm test` is the same each time; `npm run fuzz` looks for more.
const seed = process.env['FUZZ_SEED'] ?? (process.env['FUZZ_CASES'] ? String(Date.now() % 1_000_000) : '236813');
const withinMs = inTime(1_800_000);

const { accounts, api } = freshApi();

test(
  `at least ${casesMin} requests that are made from the document are answered as it says`,
  async () => {
    const secret = await api.keyWith({ rateLimit: 100_000 });
    const folder = mkdtempSync(join(tmpdir(), 'quittance-fuzz-'));
    try {
      const { code, output } = await runSchemathesis({
        folder,
        ids: await thingsThatExist(),
        keyId: (await api.call('/v1/me', { secret })).body.id,
        args: [
          ...['--config-file', join(root, 'test/fuzz/schemathesis.toml'), 'run', `${api.url}/openapi.json`],
          ...['--header', `Authorization: Bearer ${secret}`, '--output-sanitize', 'false', '--no-color'],
          ...['--seed', seed, '--phases', 'examples,coverage,fuzzing', '--generation-database', 'none'],
          ...['--max-examples', String(await examplesEach())],
        ],
      });
      const cases = Number(/([0-9]+) generated/.exec(output)?.[1] ?? 0);
      console.log(`${cases} cases, seed ${seed}`);
      // What it found is in its output.
      expect(code === 0 ? '' : output).toBe('');
      expect(cases).toBeGreaterThanOrEqual(casesMin);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  },
  withinMs,
);

/** How many random requests each operation gets. As many again come without chance: examples, and the limits of every field. */
async function examplesEach(): Promise<number> {
  const { paths } = (await api.call('/openapi.json')).body;
  const operations = Object.values<object>(paths).flatMap((path) => Object.keys(path)).length;
  return Math.ceil(casesMin / operations);
}

/** Ids by what they are of, so that not every request is about nothing. */
async function thingsThatExist(): Promise<Record<string, string[]>> {
  const account = [accounts.ada, accounts.grace, accounts.funding].map((id) => toPublic('account', id));
  const [ada, grace] = account;
  const terms = { rail: 'book', amount: '1', currency: 'USD' };
  const body = { ...terms, source: { account_id: ada }, destination: { account_id: grace } };
  const { id: transfer } = (await api.call('/v1/transfers', { body, key: aKey() })).body;
  const { id: endpoint } = (await api.call('/v1/webhook-endpoints', { body: { url: 'https://example.com/' } })).body;
  const { id: statement } = (await api.call('/v1/statements', { body: { account_id: ada } })).body;
  return { account, transfer: [transfer], webhookEndpoint: [endpoint], statement: [statement] };
}
