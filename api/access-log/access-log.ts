import { createHmac } from 'node:crypto';
import { accessesMax } from '../../ledger/archive/note-accesses.ts';
import { refusedSignInsMax } from '../../ledger/archive/note-refused-sign-ins.ts';
import type { Alarms } from '../../telemetry/alarms/alarms.ts';
import type { Faults } from '../../telemetry/faults.ts';
import type { LedgerVerbs } from '../ledger-verbs.ts';
import type { Metrics } from '../metrics.ts';
import { type Access, createAccessCounts } from './accesses.ts';
import { createRefusedSignInCounts, type RefusedSignIn, type RefusedSignInCount } from './refused-sign-ins.ts';
import { createRowWriter, type RowWriter } from './row-writer.ts';

/** Who read what, and who was not let in, for the archive. No request waits for it. */
export type AccessLog = {
  noteAccess(access: Access): void;
  noteRefusedSignIn(refused: RefusedSignIn): void;
  /** Writes everything that was counted until now. What cannot be written is tried again later. */
  writeAll(): Promise<void>;
  /** The same for the last time, with more patience: what cannot be written is lost, with an alarm. */
  end(): Promise<void>;
};

const accessLogBounds = {
  // How often what was counted is written: as much as a process that is killed takes along.
  writeEveryMs: 10_000,
  // What could not be written for so long is an alarm.
  lateMs: 60_000,
  // How long the end of a process tries to write what is left: with a call that is under way well below its grace.
  endMs: 5_000,
};

export type AccessLogDeps = {
  ledger: Pick<LedgerVerbs, 'noteAccesses' | 'noteRefusedSignIns' | 'readSourceKey'>;
  metrics: Pick<Metrics, 'accessLogCrowded' | 'accessLogLost' | 'accessLogLate'>;
  alarms: Alarms;
  faults: Faults;
  /** How far the database's clock is ahead, in milliseconds. */
  clockMs: () => number;
  bounds?: typeof accessLogBounds;
};

/** What is counted apart from each other. */
type Kind = 'accesses' | 'refused_sign_ins';

/** Opens the access log of a process. */
export function createAccessLog({ bounds = accessLogBounds, ...deps }: AccessLogDeps): AccessLog {
  const { ledger, metrics } = deps;
  const nowMs = () => Date.now() + deps.clockMs();
  const crowded = (what: Kind) => metrics.accessLogCrowded.inc({ what });
  const accesses = createAccessCounts({
    nowMs,
    onCrowded: (where) => (where === 'rest' ? crowded('accesses') : lose('accesses', { reason: 'too_many' }, deps)),
  });
  const refused = createRefusedSignInCounts({ nowMs, onCrowded: () => crowded('refused_sign_ins') });
  const watched = (what: Kind) => watching(what, bounds.lateMs, deps);
  const writers: Record<Kind, RowWriter> = {
    accesses: createRowWriter({
      take: (all) => accesses.take(accessesMax, all),
      write: ledger.noteAccesses,
      ...watched('accesses'),
    }),
    refused_sign_ins: createRowWriter({
      take: () => refused.take(refusedSignInsMax),
      write: async (rows) => ledger.noteRefusedSignIns(hashed(rows, await ledger.readSourceKey())),
      ...watched('refused_sign_ins'),
    }),
  };
  const timer = setInterval(() => {
    for (const { write } of Object.values(writers)) void write();
  }, bounds.writeEveryMs);
  timer.unref();
  const ofBoth = async (work: (what: Kind) => Promise<unknown>): Promise<void> =>
    void (await Promise.all([work('accesses'), work('refused_sign_ins')]));
  return {
    noteAccess: accesses.note,
    noteRefusedSignIn: refused.note,
    writeAll: () => ofBoth((what) => writers[what].writeAll(0)),
    end: async () => {
      clearInterval(timer);
      await ofBoth(async (what) => {
        const rows = await writers[what].writeAll(bounds.endMs);
        if (rows > 0) lose(what, { reason: 'the_process_ended', rows }, deps);
      });
    },
  };
}

/** What becomes of the rows of one kind, as a gauge and an alarm. */
const watching = (what: Kind, alarmMs: number, { metrics, alarms, faults }: AccessLogDeps) => ({
  onWritten: (lateMs: number) => metrics.accessLogLate.set({ what }, lateMs / 1_000),
  onError: (error: unknown, rows: number, lateMs: number) => {
    faults.count(error, 'access log');
    if (lateMs >= alarmMs)
      alarms.raise('access_log_late', { what, rows, lateMs: Math.round(lateMs), err: error }, what);
  },
});

function lose(what: Kind, facts: { reason: string; rows?: number }, { metrics, alarms }: AccessLogDeps): void {
  metrics.accessLogLost.inc({ what });
  alarms.raise('access_log_lost', { what, ...facts }, what);
}

/** The network as a keyed hash: equal ones are seen to be equal, and nobody without the key can try which one it is. */
const hashed = (rows: readonly RefusedSignInCount[], key: Buffer) =>
  rows.map(({ network, ...row }) => ({
    ...row,
    sourceHash: network === null ? null : createHmac('sha256', key).update(network).digest('hex'),
  }));
