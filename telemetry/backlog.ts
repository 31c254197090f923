import { Gauge, type Registry } from 'prom-client';

/** What waits, as the ledger counts it (ledger/upkeep/backlog.ts). */
export type BacklogReading = {
  open: readonly { rail: string; state: string; count: number }[];
  banks: readonly { rail: string; down: number }[];
  attentions: readonly { reason: string; count: number }[];
  notices: { due: number; oldestMs: number };
  recordsKeptMs: number;
  statements: { waiting: number; attention: number; monthMs: number; requestMs: number };
  archive: { oldestMs: number; unpublishedMs: number };
};

/** How long a reading serves: several collectors, or an impatient one, cost one look. */
const keepMs = 15_000;

/**
 * Gauges of what waits, read when somebody collects them. Counts stop at ten thousand. When it cannot be read they have no value,
 * and `onError` is told; the other metrics of the page are not touched.
 */
export function addBacklogGauges({
  registry,
  read,
  onError,
}: {
  registry: Registry;
  read: () => Promise<BacklogReading>;
  onError: (error: unknown) => void;
}): void {
  let last: { refreshed: Promise<void>; until: number } | null = null;
  // Each gauge waits for the same reading, because they are collected side by side.
  const collect = (): Promise<void> => {
    if (last === null || last.until < performance.now())
      last = { refreshed: refresh().catch(onError), until: performance.now() + keepMs };
    return last.refreshed;
  };
  const gauge = <L extends string>(name: string, help: string, ...labelNames: L[]) =>
    new Gauge({ name, help, labelNames, registers: [registry], collect });
  const open = gauge('quittance_transfers_open', 'Open transfers, at most 10,000 of each kind.', 'rail', 'state');
  const banks = gauge('quittance_banks_down', 'Banks of a rail that do not answer: their breaker is open.', 'rail');
  const attentions = gauge(
    'quittance_transfers_attention',
    'Transfers with attention that nobody acknowledged.',
    'reason',
  );
  const due = gauge('quittance_notices_due', 'Notices that are due, of endpoints that are not disabled.');
  const oldest = gauge('quittance_notices_oldest_due_seconds', 'For how long the oldest of them is due.');
  const statements = gauge('quittance_statements_waiting', 'Statements that are cut and not ready, at most 10,000.');
  const marked = gauge('quittance_statements_attention', 'Statements that need a person.');
  const late = gauge(
    'quittance_statements_oldest_seconds',
    'For how long the oldest month could have been closed, and the oldest statement that was asked for be ready.',
    'kind',
  );
  const archive = archiveGauges(gauge);

  const refresh = async (): Promise<void> => {
    for (const each of [open, banks, attentions, due, oldest, statements, marked, late, archive]) each.reset();
    const found = await read();
    for (const { rail, state, count } of found.open) open.set({ rail, state }, count);
    for (const { rail, down } of found.banks) banks.set({ rail }, down);
    for (const { reason, count } of found.attentions) attentions.set({ reason }, count);
    due.set(found.notices.due);
    oldest.set(found.notices.oldestMs / 1_000);
    const { waiting, attention, monthMs, requestMs } = found.statements;
    statements.set(waiting);
    marked.set(attention);
    late.set({ kind: 'month' }, monthMs / 1_000);
    late.set({ kind: 'request' }, requestMs / 1_000);
    archive.set(found);
  };
}

/** Those of the archive, as one. */
function archiveGauges(gauge: (name: string, help: string) => Gauge) {
  const unarchived = gauge(
    'quittance_archive_oldest_seconds',
    'How old the oldest commit is that is in no segment of the archive.',
  );
  const unpublished = gauge(
    'quittance_archive_unpublished_seconds',
    'For how long no checkpoint of the archive was published to tenants.',
  );
  const kept = gauge(
    'quittance_archive_records_kept_seconds',
    'How long ago the oldest segment of the archive was finished whose rows of reads and refused sign-ins are still there.',
  );
  return {
    reset: () => {
      for (const each of [unarchived, unpublished, kept]) each.reset();
    },
    set: ({ archive, recordsKeptMs }: BacklogReading) => {
      unarchived.set(archive.oldestMs / 1_000);
      unpublished.set(archive.unpublishedMs / 1_000);
      kept.set(recordsKeptMs / 1_000);
    },
  };
}
