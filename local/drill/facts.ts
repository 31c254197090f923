import { setTimeout as sleep } from 'node:timers/promises';
import { Client, Connection } from '@temporalio/client';
import { examine } from '../../ledger/verify/examine.ts';
import { type TakenRecord, truthPages } from '../../operator/truth.ts';
import { withClient } from '../servers/database.ts';
import type { Sent } from './clients.ts';
import type { DrillPlatform } from './platform.ts';

/** What a drill looks at from outside: the bank's own record, the rows, and what Temporal keeps. */
export type Facts = {
  bank(): Promise<TakenRecord[]>;
  /** Waits until no transfer waits for anything. */
  untilAllEnded(): Promise<void>;
  /** The database's clock. */
  now(): Promise<Date>;
  /** Rows under the keys of these requests, by key. */
  rowsOf(sent: readonly Sent[]): Promise<Map<string, { id: string; state: string; amount: string }[]>>;
  /** What `verify` finds, comparing with the bank: names of promises that do not hold. */
  broken(): Promise<string[]>;
  /** Workflows of transfers in Temporal, by their status. */
  workflows(): Promise<Record<string, number>>;
  /** The same, when none runs. */
  workflowsAtEnd(): Promise<Record<string, number>>;
};

const endWithinMs = 180_000;
const lookMs = 200;

export function createFacts({ addresses, truthUrl }: DrillPlatform): Facts {
  const reader = addresses.database.quittance_reader;
  const query = <T extends object>(sql: string, values: unknown[] = []): Promise<T[]> =>
    withClient(addresses.owner, async (client) => (await client.query<T>(sql, values)).rows);
  return {
    bank: async () => {
      const taken: TakenRecord[] = [];
      for await (const page of truthPages(truthUrl)) taken.push(...page);
      return taken;
    },
    untilAllEnded: async () => {
      const deadline = performance.now() + endWithinMs;
      for (;;) {
        const open = await query<object>(
          "select id, state, next_what, waiting_for, attention_reason from ledger.transfer where state in ('scheduled', 'submitting', 'unknown')",
        );
        if (open.length === 0) return;
        if (performance.now() > deadline) throw new Error(`transfers did not end: ${JSON.stringify(open.slice(0, 5))}`);
        await sleep(lookMs);
      }
    },
    now: async () => (await query<{ now: Date }>('select clock_timestamp() as now'))[0]?.now ?? new Date(),
    rowsOf: async (sent) => {
      const rows = await query<{ key: string; id: string; state: string; amount: string }>(
        'select idempotency_key as key, id, state, amount::text from ledger.transfer where idempotency_key = any ($1)',
        [sent.map(({ key }) => key)],
      );
      return Map.groupBy(rows, ({ key }) => key);
    },
    broken: async () => {
      const findings = await examine({ url: reader, truth: truthPages(truthUrl) });
      return findings.filter(({ breaches }) => breaches !== '0').map(({ name, breaches }) => `${name}: ${breaches}`);
    },
    workflows: () => workflowsAt(addresses.temporal),
    workflowsAtEnd: async () => {
      const deadline = performance.now() + endWithinMs;
      for (;;) {
        const counts = await workflowsAt(addresses.temporal);
        if (!counts['RUNNING']) return counts;
        if (performance.now() > deadline) throw new Error(`workflows did not end: ${JSON.stringify(counts)}`);
        await sleep(lookMs);
      }
    },
  };
}

async function workflowsAt(address: string): Promise<Record<string, number>> {
  const connection = await Connection.connect({ address });
  try {
    const counts: Record<string, number> = {};
    const query = "WorkflowType in ('transferGroup', 'dueGroup', 'inquiry')";
    for await (const { status } of new Client({ connection }).workflow.list({ query }))
      counts[status.name] = (counts[status.name] ?? 0) + 1;
    return counts;
  } finally {
    await connection.close();
  }
}
