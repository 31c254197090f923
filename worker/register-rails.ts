import { setTimeout as pause } from 'node:timers/promises';
import type { Log } from '../config/log.ts';
import type { NetworkName, Rail } from '../domain/rail.ts';
import type { Ledger } from '../ledger/index.ts';

/** The worker takes no work before; the database may be starting. */
const retryMs = 1_000;

/**
 * Registers every network of this build in the ledger, before this process takes work. Each worker does, whatever its roles: the
 * one that reserves a transfer finds the network there. A database that does not answer is waited for.
 */
export async function registerRails(
  ledger: Pick<Ledger, 'registerRail'>,
  names: readonly NetworkName[],
  log: Pick<Log, 'warn' | 'info'>,
): Promise<void> {
  for (const rail of names) {
    const isNew = await retried(() => ledger.registerRail(rail), log);
    if (isNew) log.info({ rail }, 'the ledger has a new network');
  }
}

/**
 * Writes the terms of the rails that this process serves into the ledger, before it takes work. Where a newer build has
 * written its own, those hold.
 */
export async function setTermsOfRails(
  ledger: Pick<Ledger, 'setRailTerms'>,
  rails: readonly Rail[],
  log: Pick<Log, 'warn' | 'info'>,
): Promise<void> {
  for (const { name: rail, terms, termsVersion: version } of rails) {
    const hold = await retried(() => ledger.setRailTerms({ rail, terms, version }), log);
    if (!hold) log.info({ rail, version }, 'the ledger keeps newer terms of this rail');
  }
}

async function retried<T>(work: () => Promise<T>, log: Pick<Log, 'warn'>): Promise<T> {
  for (;;) {
    try {
      return await work();
    } catch (error) {
      log.warn({ err: error }, 'the ledger does not know a network yet');
      await pause(retryMs);
    }
  }
}
