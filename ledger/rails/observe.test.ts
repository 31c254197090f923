import { describe, expect, test } from '@jest/globals';
import { type Accounts, createAccounts } from '../../test/support/fixtures/accounts.ts';
import { dueRows } from '../../test/support/fixtures/due-transfers.ts';
import { freshAccounts, freshLedger } from '../../test/support/fixtures/ledger.ts';
import { setBreaker, setTerms } from '../../test/support/fixtures/rail.ts';
import { aClaim } from '../../test/support/fixtures/sends.ts';

// A rail has one breaker, so each test has a book of its own.
const { pools, ledger } = freshLedger({ per: 'test', mayViolate: ['overdue', 'sent'] });
const accounts = freshAccounts({ pools, ledger });
const { dueBank, take, finish } = dueRows({ pools, ledger, accounts });

describe('the breaker', () => {
  /** So many good answers of one tenant, and failures that are told at once, spread over the sources: what `observe` counts. */
  const observe = async (good: number, bad: number, badSources: string[], goodTenant = 'ours') => {
    const sources = badSources.map((source, i) => {
      const [tenant = '', bank = ''] = source.split('/');
      const share = Math.floor(bad / badSources.length) + (i < bad % badSources.length ? 1 : 0);
      return { tenant, bank, good: 0, bad: share, cost: share };
    });
    const all = [{ tenant: goodTenant, bank: 'good', good, bad: 0, cost: 0 }, ...sources];
    const { breaker } = await ledger.observeRail({ rail: 'instant', sources: good > 0 ? all : sources });
    return breaker;
  };

  test('opens on one tenant that is all there is, when nobody has a good answer', async () => {
    expect(await observe(0, 4, ['ours/a', 'ours/b'])).toBe('open');
  });

  test('opens on the only tenant that was seen, also after good answers in the same window', async () => {
    expect(await observe(3, 0, [])).toBe('closed');
    expect(await observe(0, 4, ['ours/a', 'ours/b'])).toBe('open');
  });

  test('probes with the row that was tried longest ago, not with the one that fails every time', async () => {
    const failing = await dueBank();
    const good = await dueBank();
    const tried = await take({ limit: 1 });
    expect(tried.ids).toEqual([failing]);
    await ledger.release({ id: failing, carrier: tried.carrier });
    await ledger.claim(aClaim({ id: failing, carrier: tried.carrier, probe: true }));
    await setTerms(pools, { retryMs: 0 });
    await ledger.conclude({ transferId: failing, source: 'reply', outcome: 'not_taken', sendN: 1, code: 'http_503' });
    await observe(0, 4, ['ours/a', 'theirs/b']);
    await pools.root.query("update ledger.rail set probe_at = now() where name = 'instant'");
    expect(await take({})).toMatchObject({ ids: [good], probe: true });
  });

  test('lets tenants and their banks probe in turn, however many rows one of them has', async () => {
    const others = await createAccounts(pools, ledger);
    const bank = (routingNumber: string) => ({
      scheme: 'us_account' as const,
      routingNumber,
      accountNumber: '1',
      name: 'B',
    });
    const row = (who: Accounts, routingNumber: string) => dueBank({ destinationBank: bank(routingNumber) }, who);
    const [first, sameBank, otherBank] = [await row(accounts, '1'), await row(accounts, '1'), await row(accounts, '2')];
    const theirs = await row(others, '1');
    const probed: string[] = [];
    for (let turn = 0; turn < 4; turn += 1) {
      await setBreaker(pools, 'open', -1_000);
      const { ids, carrier } = await take();
      probed.push(...ids);
      await finish(carrier, ids);
    }
    expect(probed).toEqual([first, theirs, otherBank, sameBank]);
  });

  test('opens when enough of the window failed, for more than one source', async () => {
    expect(await observe(0, 3, ['ours/a', 'theirs/b'])).toBe('closed');
    expect(await observe(0, 1, ['ours/a'])).toBe('open');
  });

  test.each([
    ['few failures', [[0, 3, ['ours/a', 'theirs/b']]]],
    [
      'less than half',
      [
        [9, 4, ['ours/a', 'theirs/b']],
        [9, 4, ['theirs/c']],
      ],
    ],
    [
      'one tenant alone, while others are served',
      [
        [1, 0, [], 'theirs'],
        [0, 50, ['ours/a', 'ours/b', 'ours/c']],
      ],
    ],
    [
      'one bank',
      [
        [0, 50, ['ours/a', 'theirs/a']],
        [0, 50, ['ours/a']],
      ],
    ],
    [
      'one source',
      [
        [0, 50, ['ours/a']],
        [0, 50, ['ours/a']],
      ],
    ],
  ] as [string, [number, number, string[], string?][]][])('stays closed on %s', async (_, seen) => {
    for (const answers of seen) expect(await observe(...answers)).toBe('closed');
  });

  test('opens for two tenants, however many banks one of them fails with', async () => {
    const many = Array.from({ length: 12 }, (_, n) => `ours/${n}`);
    expect(await observe(1, 3, ['ours/1'], 'theirs')).toBe('closed');
    expect(await observe(0, 50, [...many, 'theirs/1'])).toBe('open');
  });

  test('forgets what an older window saw', async () => {
    await observe(0, 3, ['ours/a', 'theirs/b']);
    await pools.root.query(
      "update ledger.rail set window_started_at = now() - interval '2 minutes' where name = 'instant'",
    );
    expect(await observe(0, 3, ['ours/a', 'theirs/b'])).toBe('closed');
  });

  test('once open, a failed probe keeps it open and a good answer closes it', async () => {
    await observe(0, 4, ['ours/a', 'theirs/b']);
    await pools.root.query("update ledger.rail set probe_at = now() where name = 'instant'");
    expect(await observe(0, 1, ['ours/a'])).toBe('open');
    const { rows } = await pools.root.query(
      "select probe_at > now() + interval '4 seconds' as later from ledger.rail where name = 'instant'",
    );
    expect(rows[0].later).toBe(true);
    expect(await observe(1, 0, [])).toBe('closed');
    expect(await observe(0, 3, ['ours/a', 'theirs/b'])).toBe('closed');
  });
});
