import { randomUUID } from 'node:crypto';
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { TransferRequest } from '../domain/transfer.ts';
import { anAccount, aTransfer, balanceOf, toBank } from '../test/support/fixtures/accounts.ts';
import { freshLedger } from '../test/support/fixtures/ledger.ts';
import { aReply } from '../test/support/fixtures/reports.ts';
import { aClaim, eventOf } from '../test/support/fixtures/sends.ts';
import { createTenant } from './access/create-tenant.ts';
import type { Report } from './transfers/conclude.ts';

/**
 * Random commands against the database and against a model of sixty lines, which knows accounts, holds and nothing else.
 * After each run, both must agree on every decision, every balance and every state. A failure prints its seed.
 */
const bounds = { runs: 25, commandsMin: 20, commandsMax: 60 };
const { pools, ledger } = freshLedger();

type Command =
  | { do: 'book'; from: number; to: number; amount: number }
  | { do: 'bank'; from: number; amount: number }
  | { do: 'repeat'; which: number }
  | { do: 'claim'; which: number }
  | { do: 'report'; which: number; outcome: Report['outcome']; decisive: boolean };

const index = fc.nat({ max: 3 });
const amount = fc.integer({ min: 1, max: 400 });
const command: fc.Arbitrary<Command> = fc.oneof(
  { weight: 3, arbitrary: fc.record({ do: fc.constant('book' as const), from: index, to: index, amount }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('bank' as const), from: index, amount }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('repeat' as const), which: fc.nat({ max: 40 }) }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('claim' as const), which: fc.nat({ max: 40 }) }) },
  {
    weight: 5,
    arbitrary: fc.record({
      do: fc.constant('report' as const),
      which: fc.nat({ max: 40 }),
      outcome: fc.constantFrom(
        'accepted' as const,
        'rejected' as const,
        'not_taken' as const,
        'unknown' as const,
        'put_off' as const,
      ),
      decisive: fc.boolean(),
    }),
  },
);

test('the database decides as the model does', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(command, { minLength: bounds.commandsMin, maxLength: bounds.commandsMax }),
      async (commands) => {
        const run = await startRun();
        for (const each of commands) await play(run, each);
        for (const [i, id] of run.accounts.entries())
          expect([i, await balanceOf(pools, id)]).toEqual([i, run.model.balance(i)]);
        const { rows } = await pools.root.query(
          'select id, state from ledger.transfer where tenant_id = $1 order by id',
          [run.tenantId],
        );
        expect(Object.fromEntries(rows.map(({ id, state }) => [id, state]))).toEqual(
          Object.fromEntries(run.made.map(({ request, state }) => [request.id, state])),
        );
      },
    ),
    { numRuns: bounds.runs, verbose: fc.VerbosityLevel.Verbose },
  );
}, 60_000);

type Made = {
  request: TransferRequest;
  groupId: string;
  from: number;
  amount: bigint;
  state: string;
  n: number | null;
  isOpen: boolean;
};
type Run = { tenantId: string; accounts: string[]; model: ReturnType<typeof createModel>; made: Made[] };

/** Three customers with overdrafts of 0, 300 and 1000, and the world outside. */
const floors = [0, -300, -1000, null] as const;

async function startRun(): Promise<Run> {
  const tenantId = randomUUID();
  await createTenant(pools.root, { id: tenantId, name: 'model', actor: 'test' });
  const accounts: string[] = [];
  for (const floor of floors) {
    const kind = floor === null ? ('funding' as const) : ('customer' as const);
    accounts.push(await anAccount(pools, { tenantId, kind, overdraftLimit: floor === null ? null : String(-floor) }));
  }
  return { tenantId, accounts, model: createModel(), made: [] };
}

/** What the accounts have and hold, and whether a debit fits. Funding grows on the other side and knows no floor. */
function createModel() {
  const posted = floors.map(() => 0n);
  const held = floors.map(() => 0n);
  const sign = (i: number) => (floors[i] === null ? -1n : 1n);
  return {
    balance: (i: number) => ({
      posted: posted[i] ?? 0n,
      held: held[i] ?? 0n,
      available: (posted[i] ?? 0n) - (held[i] ?? 0n),
    }),
    fits: (i: number, sum: bigint) => {
      const floor = floors[i];
      return floor === null || floor === undefined || (posted[i] ?? 0n) - (held[i] ?? 0n) - sum >= BigInt(floor);
    },
    debit: (i: number, sum: bigint) => {
      posted[i] = (posted[i] ?? 0n) - sign(i) * sum;
    },
    credit: (i: number, sum: bigint) => {
      posted[i] = (posted[i] ?? 0n) + sign(i) * sum;
    },
    hold: (i: number, sum: bigint) => {
      held[i] = (held[i] ?? 0n) + sum;
    },
  };
}

async function play(run: Run, said: Command): Promise<void> {
  if (said.do === 'book' || said.do === 'bank') return reserveOne(run, said);
  const it = run.made[said.which % Math.max(run.made.length, 1)];
  if (!it) return;
  if (said.do === 'repeat') {
    const event = eventOf(await ledger.reserve(it.groupId, it.request));
    expect(event).not.toBeNull();
  } else if (said.do === 'claim') await claimOne(it);
  else await reportOne(run, it, said);
}

async function reserveOne(
  { model, made, accounts, tenantId }: Run,
  said: Extract<Command, { do: 'book' | 'bank' }>,
): Promise<void> {
  const sum = BigInt(said.amount);
  const groupId = randomUUID();
  const shape = { amount: String(sum), sourceAccountId: accounts[said.from] ?? '' };
  const names = { tenantId, ada: '', grace: '' };
  const request =
    said.do === 'book'
      ? aTransfer(names, { ...shape, destinationAccountId: accounts[said.to] ?? '' })
      : toBank(names, shape);
  const event = eventOf(await ledger.reserve(groupId, request));
  const isAllowed = said.do === 'book' ? said.from !== said.to : floors[said.from] !== null;
  // Behind a row of the account that waits for the rail.
  const isBehind = made.some(({ from, state: there }) => from === said.from && there === 'scheduled');
  const onRail = isBehind ? 'scheduled' : 'submitting';
  const taken = said.do === 'book' ? 'completed' : onRail;
  const state = isAllowed && model.fits(said.from, sum) ? taken : 'declined';
  if (state === 'completed' && said.do === 'book') {
    model.debit(said.from, sum);
    model.credit(said.to, sum);
  }
  if (state === onRail) model.hold(said.from, sum);
  expect(event?.to).toBe(state);
  made.push({ request, groupId, from: said.from, amount: sum, state, n: null, isOpen: false });
}

/** One send per transfer is enough for the model: a second one needs the clock. */
async function claimOne(it: Made): Promise<void> {
  const grant = await ledger.claim(aClaim({ id: it.request.id, carrier: it.groupId }));
  const isFree = it.state === 'submitting' && !it.isOpen;
  expect(grant?.granted).toBe(isFree);
  if (!grant?.granted) return;
  it.n = grant.n;
  it.isOpen = true;
}

async function reportOne({ model }: Run, it: Made, said: Extract<Command, { do: 'report' }>): Promise<void> {
  // A transfer that never was on a rail has nothing to report about.
  if (it.n === null) return;
  const [transferId, carrier] = [it.request.id, it.groupId];
  const { state, cause } = await ledger.conclude(
    said.outcome === 'put_off'
      ? { transferId, source: 'carrier', outcome: 'put_off', carrier }
      : aReply({ transferId, sendN: it.n, carrier }, said),
  );
  const before = it.state;
  it.state = expected(it, said.outcome);
  expect([before, said.outcome, state]).toEqual([before, said.outcome, it.state]);
  if (said.outcome !== 'put_off') it.isOpen = said.outcome === 'unknown' && it.isOpen;
  const isEnded = before !== it.state && (it.state === 'completed' || it.state === 'rejected');
  if (isEnded) model.hold(it.from, -it.amount);
  if (isEnded && it.state === 'completed') model.debit(it.from, it.amount);
  if (cause === null) expect(it.state).toBe(before);
}

function expected(it: Made, outcome: Report['outcome']): string {
  const isWaiting = it.state === 'submitting' || it.state === 'unknown' || it.state === 'scheduled';
  if (outcome === 'accepted') return isWaiting ? 'completed' : it.state;
  if (outcome === 'rejected') return isWaiting ? 'rejected' : it.state;
  // The send's own word stands once it is given, and only the first doubt of it counts.
  if (outcome === 'not_taken')
    return it.isOpen && (it.state === 'submitting' || it.state === 'unknown') ? 'scheduled' : it.state;
  if (outcome === 'unknown') return it.isOpen && it.state === 'submitting' ? 'unknown' : it.state;
  // Putting off waits for the living lease of its send.
  return it.state === 'submitting' && !it.isOpen ? 'scheduled' : it.state;
}
