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
const anyCommand: fc.Arbitrary<Command> = fc.oneof(
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
      fc.array(anyCommand, { minLength: bounds.commandsMin, maxLength: bounds.commandsMax }),
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

async function play(run: Run, command: Command): Promise<void> {
  if (command.do === 'book' || command.do === 'bank') return reserveOne(run, command);
  const it = run.made[command.which % Math.max(run.made.length, 1)];
  if (!it) return;
  if (command.do === 'repeat') {
    const event = eventOf(await ledger.reserve(it.groupId, it.request));
    expect(event).not.toBeNull();
  } else if (command.do === 'claim') await claimOne(it);
  else await reportOne(run, it, command);
}

async function reserveOne(
  { model, made, accounts, tenantId }: Run,
  command: Extract<Command, { do: 'book' | 'bank' }>,
): Promise<void> {
  const sum = BigInt(command.amount);
  const groupId = randomUUID();
  const shape = { amount: String(sum), sourceAccountId: accounts[command.from] ?? '' };
  const names = { tenantId, ada: '', grace: '' };
  const request =
    command.do === 'book'
      ? aTransfer(names, { ...shape, destinationAccountId: accounts[command.to] ?? '' })
      : toBank(names, shape);
  const event = eventOf(await ledger.reserve(groupId, request));
  const isAllowed = command.do === 'book' ? command.from !== command.to : floors[command.from] !== null;
  // Behind a row of the account that waits for the rail.
  const isBehind = made.some(({ from, state: there }) => from === command.from && there === 'scheduled');
  const onRail = isBehind ? 'scheduled' : 'submitting';
  const taken = command.do === 'book' ? 'completed' : onRail;
  const state = isAllowed && model.fits(command.from, sum) ? taken : 'declined';
  if (state === 'completed' && command.do === 'book') {
    model.debit(command.from, sum);
    model.credit(command.to, sum);
  }
  if (state === onRail) model.hold(command.from, sum);
  expect(event?.to).toBe(state);
  made.push({ request, groupId, from: command.from, amount: sum, state, n: null, isOpen: false });
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

async function reportOne({ model }: Run, it: Made, command: Extract<Command, { do: 'report' }>): Promise<void> {
  // A transfer that never was on a rail has nothing to report about.
  if (it.n === null) return;
  const [transferId, carrier] = [it.request.id, it.groupId];
  const { state, cause } = await ledger.conclude(
    command.outcome === 'put_off'
      ? { transferId, source: 'carrier', outcome: 'put_off', carrier }
      : aReply({ transferId, sendN: it.n, carrier }, command),
  );
  const before = it.state;
  it.state = expected(it, command.outcome);
  expect([before, command.outcome, state]).toEqual([before, command.outcome, it.state]);
  if (command.outcome !== 'put_off') it.isOpen = command.outcome === 'unknown' && it.isOpen;
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
