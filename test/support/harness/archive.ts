import { archiveRound } from '../../../activities/archive/round.ts';
import { archiveTerms } from '../../../activities/archive/terms.ts';
import { signersFrom } from '../../../archive/signer.ts';
import { newArchiveKey } from '../../../operator/archive-key.ts';
import type { ObjectStore } from '../../../storage/port.ts';
import type { ArchiveNextResult } from '../../../workflows/contract/steps.ts';
import type { Pools } from '../fixtures/accounts.ts';
import { listenForAlarms } from './alarms.ts';

/** An archive of one test: each call of it makes a segment at least, however little there is to record. */
export function createArchive({ worker }: Pick<Pools, 'worker'>, store: ObjectStore): () => Promise<ArchiveNextResult> {
  const { signal } = new AbortController();
  const signers = signersFrom(newArchiveKey(), 'test');
  const settings = { origin: 'quittance.test/archive', software: 'test', stopping: signal };
  const { alarms } = listenForAlarms();
  return () =>
    archiveRound(
      {
        ...settings,
        ...{ pool: worker, open: () => ({ store, signers }), alarms },
        retention: { mode: 'governance', years: 1 },
        terms: { ...archiveTerms, emptyAfterMs: 0 },
      },
      signal,
    );
}
