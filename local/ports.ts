import { randomInt } from 'node:crypto';
import { connect, createServer } from 'node:net';
import getPort from 'get-port';
import { StartFault } from './start-fault.ts';

/** A port that one of our programs will listen on, its setting, and the program. */
export type PortUse = { name: string; setting: string; port: number };

const connectWithinMs = 300;
const [lowest, highest] = [20_000, 32_000];
const candidates = 100;

/** Throws one sentence for the first port that another program uses, or that two settings share. */
export async function checkPortsFree(uses: readonly PortUse[], host = '127.0.0.1'): Promise<void> {
  for (const [index, use] of uses.entries()) {
    const twin = uses.slice(0, index).find((earlier) => earlier.port === use.port);
    if (twin) throw new StartFault(`Port ${use.port} is given to both ${twin.setting} and ${use.setting}: change one.`);
    if (!(await isFree(use.port, host))) {
      throw new StartFault(
        `Port ${use.port} for ${use.name} is taken by another program: stop that, or set ${use.setting} to a free port.`,
      );
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

/** Whether the port has a listener: a connection is accepted within the limit. */
function answersOn(port: number, host = '127.0.0.1', withinMs = connectWithinMs): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ port, host, timeout: withinMs });
    const done = (answer: boolean) => {
      socket.destroy();
      resolve(answer);
    };
    socket.once('connect', () => done(true));
    socket.once('error', () => done(false));
    socket.once('timeout', () => done(false));
  });
}

/** Both checks, because macOS lets two programs listen when one has all addresses and the other only loopback. */
async function isFree(port: number, host: string): Promise<boolean> {
  if (await answersOn(port, host)) return false;
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen({ port, host, exclusive: true }, () => server.close(() => resolve(true)));
  });
}
