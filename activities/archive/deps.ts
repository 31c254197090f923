import type pg from 'pg';
import type { Signer } from '../../archive/signer.ts';
import type { RetentionSettings } from '../../storage/retention.ts';
import type { Alarms } from '../../telemetry/alarms/alarms.ts';
import type { ArchiveStore } from './put.ts';
import type { ArchiveTerms } from './terms.ts';

/** What a worker of the role `archive` writes it with. */
export type ArchiveTools = { store: ArchiveStore; signers: readonly Signer[] };

export type ArchiveDeps = {
  /** Logs in as quittance_worker. */
  pool: pg.Pool;
  /** Called for each segment, and opens once. Throws when a key that is elsewhere cannot be asked. Null: there is no object store, or no key. */
  open: (() => Promise<ArchiveTools>) | null;
  /** The name of this archive, on every checkpoint. */
  origin: string;
  /** The name and version of this program, in every manifest. */
  software: string;
  retention: RetentionSettings;
  alarms: Alarms;
  /** Aborted when this process stops: the segment that is begun is made by the next one. */
  stopping: AbortSignal;
  terms?: ArchiveTerms;
};
