import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '../../../local/ports.ts';
import { findTemporal } from '../../../local/servers/find-temporal.ts';
import { temporalPlan } from '../../../local/servers/temporal.ts';
import { startProgram } from '../../../local/supervise/program.ts';

/** A Temporal that a test may freeze without hurting any other test. It has the namespace `default`. */
export type FreezableTemporal = {
  address: string;
  /** Nothing happens while it is not started. */
  freeze(): void;
  thaw(): void;
  start(): Promise<void>;
  end(): Promise<void>;
};

/** A Temporal for this test file alone, which is not started yet; its address is known before. */
export async function freezableTemporal(): Promise<FreezableTemporal> {
  const { path } = await findTemporal(() => {});
  const folder = await mkdtemp(join(tmpdir(), 'quittance-temporal-'));
  const port = await freePort();
  let program: ReturnType<typeof startProgram> | null = null;
  const signal = (name: NodeJS.Signals) => {
    const pid = program?.pid() ?? null;
    if (pid !== null) process.kill(pid, name);
  };
  return {
    address: `127.0.0.1:${port}`,
    freeze: () => signal('SIGSTOP'),
    thaw: () => signal('SIGCONT'),
    start: async () => {
      program = startProgram(temporalPlan(path, { folder, port }), {
        ...{ logFolder: folder, print: () => {}, restartAfterMs: null },
      });
      await program.whenReady();
    },
    end: async () => {
      signal('SIGCONT');
      await program?.stop();
      await rm(folder, { recursive: true });
    },
  };
}
