import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '../../../local/ports.ts';
import { startTemporal } from '../../../local/servers/temporal.ts';
import { createProgramGroup } from '../../../local/supervise/program-group.ts';

/**
 * Of a server that looks at its versions each second. In production it waits three minutes before it calls one drained, and five before
 * it believes that nobody asks for work any longer.
 */
const quick = {
  'matching.wv.VersionDrainageStatusVisibilityGracePeriod': '"2s"',
  'matching.wv.VersionDrainageStatusRefreshInterval': '"1s"',
  'matching.longPollExpirationInterval': '"2s"',
  'matching.PollerHistoryTTL': '"4s"',
};

/** A Temporal for one test file, of one that changes what its versions of workers are given. */
export async function ownTemporal(): Promise<{ address: string; stop: () => Promise<void> }> {
  const parent = mkdtempSync(join(tmpdir(), 'quittance-temporal-'));
  const folder = join(parent, 'server');
  mkdirSync(folder);
  const group = createProgramGroup({ logFolder: parent, printAs: () => () => {}, restartAfterMs: null });
  const { address } = await startTemporal({ folder, port: await freePort(), dynamic: quick }, group, () => {});
  return {
    address,
    stop: async () => {
      await group.stopAll();
      rmSync(parent, { recursive: true, force: true });
    },
  };
}
