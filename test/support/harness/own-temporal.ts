import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '../../../local/ports.ts';
import { startTemporal } from '../../../local/servers/temporal.ts';
import { createProgramGroup } from '../../../local/supervise/program-group.ts';

/** A Temporal for one test file, whose store the test reads. */
export type OwnTemporal = {
  address: string;
  /** The bytes of its store as they are now: its SQLite file, and what is still in the log before it. */
  storedBytes(): Buffer;
  stop(): Promise<void>;
};

export async function startOwnTemporal(): Promise<OwnTemporal> {
  const folder = mkdtempSync(join(tmpdir(), 'quittance-temporal-'));
  const group = createProgramGroup({ logFolder: folder, printAs: () => () => {}, restartAfterMs: null });
  const { address } = await startTemporal({ folder, port: await freePort() }, group, () => {});
  return {
    address,
    storedBytes: () => {
      const files = readdirSync(folder).filter((name) => /^temporal\.db(-wal)?$/.test(name));
      return Buffer.concat(files.map((name) => readFileSync(join(folder, name))));
    },
    stop: async () => {
      await group.stopAll();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
