import { expect, test } from '@jest/globals';
import { freshLedger } from '../../test/support/fixtures/ledger.ts';
import { defaultTerms } from '../../test/support/fixtures/rail.ts';

const { pools, ledger } = freshLedger({ per: 'test' });

const setTerms = (version: number, retryMs: number) =>
  ledger.setRailTerms({ rail: 'instant', terms: { ...defaultTerms, retryMs }, version });

const kept = async () => {
  const { rows } = await pools.reader.query(
    'select terms_version as version, retry_ms as "retryMs" from ledger.rail where name = \'instant\'',
  );
  return rows[0];
};

test('terms of a newer version, or of the same, replace what is kept', async () => {
  expect(await setTerms(2, 100)).toBe(true);
  expect(await setTerms(2, 200)).toBe(true);
  expect(await kept()).toEqual({ version: 2, retryMs: 200 });
});

test('an older build never overwrites the terms of a newer one', async () => {
  await setTerms(3, 300);
  expect(await setTerms(2, 100)).toBe(false);
  expect(await kept()).toEqual({ version: 3, retryMs: 300 });
});

test('every term is kept', async () => {
  await setTerms(1, 2_000);
  const { rows } = await pools.reader.query("select * from ledger.rail where name = 'instant'");
  expect(rows[0]).toMatchObject({
    request_timeout_ms: 10_000,
    lease_margin_ms: 5_000,
    quiet_period_ms: 25_000,
    inquiry_waits_ms: [1_000, 5_000, 60_000],
    give_up_ms: '300000',
    retry_ms: 2_000,
    deduplicates_ms: '86400000',
    breaker_failures: 4,
    breaker_window_ms: 60_000,
    breaker_open_ms: 5_000,
  });
});

test('a rail that is not registered has no terms', async () => {
  const telex = { rail: 'telex', terms: defaultTerms, version: 1 };
  await expect(ledger.setRailTerms(telex)).rejects.toThrow('no such rail: telex');
});
