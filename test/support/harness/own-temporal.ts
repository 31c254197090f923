import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '../../../local/ports.ts';
import { startTemporal } from '../../../local/servers/temporal.ts';
import { createProgramGroup } from '../../../local/supervise/program-group.ts';

/** A Temporal for one test file: of one that reads its store, or that changes what its versions of workers are given. */
export type OwnTemporal = {
  address: string;
  /** The bytes of its store as they are now: its SQLite file, and what is still in the log before it. */
  storedBytes(): Buffer;
  stop(): Promise<void>;
};

/**
 * Of a server that looks at its versions each second. In production it waits three minutes before it calls one drained, and five before
 * it believes that nobody asks for work any longer.
 */
export const quickVersions = {
  'matching.wv.VersionDrainageStatusVisibilityGracePeriod': '"2s"',
  'matching.wv.VersionDrainageStatusRefreshInterval': '"1s"',
  'matching.longPollExpirationInterval': '"2s"',
  'matching.PollerHistoryTTL': '"4s"',
};

export async function startOwnTemporal(dynamic: Readonly<Record<string, string>> = {}): Promise<OwnTemporal> {
  const parent = mkdtempSync(join(tmpdir(), 'quittance-temporal-'));
  const folder = join(parent, 'server');
  mkdirSync(folder);
  const group = createProgramGroup({ logFolder: parent, printAs: () => () => {}, restartAfterMs: null });
  const { address } = await startTemporal({ folder, port: await freePort(), dynamic }, group, () => {});
  return {
    address,
    storedBytes: () => {
      const files = readdirSync(folder).filter((name) => /^temporal\.db(-wal)?$/.test(name));
      return Buffer.concat(files.map((name) => readFileSync(join(folder, name))));
    },
    stop: async () => {
      await group.stopAll();
      rmSync(parent, { recursive: true, force: true });
    },
  };
}
