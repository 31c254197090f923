import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:net';
import getPort from 'get-port';
import { codeOf } from '../config/error-fields.ts';
import { StartFault } from './start-fault.ts';

/** A port that one of our programs will listen on, its setting, and the address there. */
export type PortUse = { setting: string; port: number; host: string };

const [lowest, highest] = [20_000, 32_000];
const candidates = 100;

/** Throws one sentence for the first port that another program uses, or that two settings share. */
export async function checkPortsFree(uses: readonly PortUse[]): Promise<void> {
  for (const [index, { setting, port, host }] of uses.entries()) {
    const twin = uses.slice(0, index).find((earlier) => earlier.port === port);
    if (twin) throw new StartFault(`Port ${port} is given to both ${twin.setting} and ${setting}: change one.`);
    const server = createServer().listen({ port, host, exclusive: true });
    try {
      await once(server, 'listening');
    } catch (cause) {
      if (codeOf(cause) !== 'EADDRINUSE') throw cause;
      throw new StartFault(`Port ${port} is taken by another program: stop that, or set ${setting} to a free port.`, {
        cause,
      });
    } finally {
      server.close();
    }
  }
}

/**
 * A port without a listener at this moment. Below those that a system hands out by itself (32,768 and up on Linux): a
 * program that is killed and started again must find its port free, and not another one's listener or connection there.
 * Random, because test files in other processes ask at the same moment.
 */
export function freePort(): Promise<number> {
  const port = Array.from({ length: candidates }, () => randomInt(lowest, highest));
  return getPort({ port, host: '127.0.0.1' });
}
