import { once } from 'node:events';

/** Ends the servers of the run: the keeper stops them when its stdin closes. */
export default async function globalTeardown(): Promise<void> {
  const keeper = globalThis.quittanceTestServers;
  if (!keeper || keeper.exitCode !== null) return;
  keeper.ref();
  const gone = once(keeper, 'exit');
  keeper.stdin?.end();
  await gone;
}
