import type pg from 'pg';
import type { OnCommit } from '../../ledger/commit-effects.ts';
import type { Renderers } from '../../statements/render/renderers.ts';
import type { RetentionSettings } from '../../storage/retention.ts';
import type { Alarms } from '../../telemetry/alarms/alarms.ts';
import type { StatementStore } from './put.ts';
import type { StorageWatch } from './storage-watch.ts';
import type { StatementTerms } from './terms.ts';

/** What a worker of the role `statements` makes them with. */
export type StatementTools = {
  store: StatementStore;
  renderers: Pick<Renderers, 'render' | 'renderer'>;
};

export type MakeStatementsDeps = {
  /** Logs in as quittance_worker. Of this work alone, so that it takes no connection from transfers. */
  pool: pg.Pool;
  /** Called when the first statement is made, and opens once. Null: there is no object store. */
  open: (() => StatementTools) | null;
  /** Threads that render. */
  threads: number;
  retention: RetentionSettings;
  alarms: Alarms;
  onCommit: OnCommit;
  /** Aborted when this process stops: nothing more is taken, and what is not begun is given back. */
  stopping: AbortSignal;
  terms: StatementTerms;
  /** What this process has seen of the object store. */
  storage: StorageWatch;
};
