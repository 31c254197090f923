import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { v7 } from 'uuid';
import { writerSettings } from '../../drizzle/session.ts';
import { backendCpu } from './backend-cpu.ts';

/** What is measured, in the order in which a transfer goes through it. */
export const measured = ['reserve book', 'reserve instant', 'claim', 'conclude'] as const;
export type Measured = (typeof measured)[number];

/** Calls that are ready to be made: batches of commands as JSON, of each verb. */
export type Work = Record<Measured, string[]>;

/** One connection to one schema, with accounts that have money. */
export type Lane = {
  /** Commands for so many transfers: posted in the book; and reserved, claimed and accepted on the instant rail. */
  prepare(transfers: number, size: number): Work;
  /** Makes one call; answers with the CPU of the backend in microseconds. */
  run(verb: Measured, batch: string): Promise<number>;
  /** Removes the row versions that earlier rounds left, which the next one would walk over. */
  vacuum(): Promise<void>;
  end(): Promise<void>;
};

const accountsCount = 200;
/** Spreads the transfers over the accounts. */
const stride = 7;

/** Opens a lane as the worker's sessions are: the same settings, generic plans. */
export async function openLane(url: string): Promise<Lane> {
  const options = Object.entries({ ...writerSettings, search_path: 'ledger,pg_temp', TimeZone: 'UTC' })
    .map(([key, value]) => `-c ${key}=${value}`)
    .join(' ');
  const client = new pg.Client({ connectionString: url, options });
  await client.connect();
  const cpu = await backendCpu(client);
  const tenantId = v7();
  const accounts = Array.from({ length: accountsCount }, () => v7());
  await makeAccounts(client, tenantId, accounts);
  const texts = await textsOf(client);
  return {
    prepare: (transfers, size) => prepare({ tenantId, accounts }, transfers, size),
    run: async (verb, batch) => {
      const before = cpu();
      await client.query({ name: verb, text: texts[verb], values: [batch] });
      return cpu() - before;
    },
    vacuum: async () => void (await client.query('vacuum')),
    end: () => client.end(),
  };
}

/** The calls of the schema that is there. The first release's `reserve` is given the patience with its worker. */
async function textsOf(client: pg.Client): Promise<Record<Measured, string>> {
  const { rows } = await client.query<{ isFirst: boolean }>(
    `select to_regprocedure('ledger.reserve(jsonb, int)') is not null as "isFirst"`,
  );
  const reserve = rows[0]?.isFirst ? 'select ledger.reserve($1, 20000)' : 'select ledger.reserve($1)';
  return {
    'reserve book': reserve,
    'reserve instant': reserve,
    claim: 'select ledger.claim($1)',
    conclude: 'select ledger.conclude($1)',
  };
}

async function makeAccounts(client: pg.Client, tenantId: string, accounts: string[]): Promise<void> {
  await client.query('select ledger.create_tenant($1, $2, $3)', [tenantId, 'Bench', 'bench']);
  for (const id of accounts) {
    await client.query('select ledger.open_account($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)', [
      ...[id, tenantId, 'Bench', 'customer', 'USD', '1000000000', null, {}, 'bench', null, null],
    ]);
  }
}

function prepare(who: Customers, transfers: number, size: number): Work {
  const [group, sender] = [randomUUID(), randomUUID()];
  const instant = requests(who, { group, rail: 'instant' }, transfers);
  // The first release carries the rail's terms in each command; later ones leave them unread.
  const claims = instant.map(({ id }) => ({
    ...{ id, sender, carrier: group, probe: false },
    ...{ lease_ms: 15_000, deduplicates_ms: 86_400_000 },
  }));
  const reports = instant.map(({ id }) => ({
    ...{ transfer_id: id, source: 'reply', outcome: 'accepted', send_n: 1, carrier: group },
    ...{ code: 'ACSC', rail_reference: id, next_in_ms: 1_000 },
  }));
  return {
    'reserve book': batched(requests(who, { group, rail: 'book' }, transfers), size),
    'reserve instant': batched(instant, size),
    claim: batched(claims, size),
    conclude: batched(reports, size),
  };
}

function batched(commands: object[], size: number): string[] {
  const count = Math.ceil(commands.length / size);
  return Array.from({ length: count }, (_, i) => JSON.stringify(commands.slice(i * size, (i + 1) * size)));
}

type Customers = { tenantId: string; accounts: string[] };

function requests(
  { tenantId, accounts }: Customers,
  { group, rail }: { group: string; rail: 'book' | 'instant' },
  count: number,
) {
  return Array.from({ length: count }, (_, i) => ({
    id: v7({ msecs: Date.now() }),
    tenant_id: tenantId,
    group_id: group,
    key: randomUUID(),
    fingerprint: '00'.repeat(32),
    amount: '1',
    currency: 'USD',
    rail,
    source_account_id: accounts[(i * stride) % accounts.length],
    destination_account_id: rail === 'book' ? accounts[(i * stride + 1 + (i % 50)) % accounts.length] : null,
    destination_bank:
      rail === 'book'
        ? null
        : { scheme: 'us_account', routingNumber: '021000021', accountNumber: '770000000', name: 'Ada Lovelace' },
    metadata: {},
  }));
}
