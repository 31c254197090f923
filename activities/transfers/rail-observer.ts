import type { Log } from '../../config/log.ts';
import type { Rail } from '../../domain/rail.ts';
import type { Ledger } from '../../ledger/index.ts';

/** While a rail is well, its good answers are told at most this often: the row is shared by all workers. */
const goodEveryMs = 1_000;

/** What a send showed of its rail. `source` names tenant and bank, so that one customer's bad number closes no rail. */
export type Seen = { isGood: boolean; source: string; isProbe: boolean };

/** Tells the breaker what this process sees of a rail. */
export type RailObserver = {
  note(seen: Seen): void;
  /** Waits until what was noted is told. */
  told(): Promise<void>;
};

/** One per rail and process: what gathers while one call is under way leaves with the next. It never throws, because the breaker is a hint. */
export function createRailObserver({
  ledger,
  rail,
  log,
}: {
  ledger: Pick<Ledger, 'observeRail'>;
  rail: Rail;
  log: Pick<Log, 'warn'>;
}): RailObserver {
  let good = 0;
  let bad = 0;
  let badSources = new Set<string>();
  let isUrgent = false;
  let toldAt = 0;
  let notedAt = 0;
  let telling: Promise<void> | undefined;

  const tell = async (): Promise<void> => {
    while (isUrgent) {
      const observation = { rail: rail.name, good, bad, badSources: [...badSources], terms: rail.terms };
      good = 0;
      bad = 0;
      badSources = new Set();
      isUrgent = false;
      toldAt = performance.now();
      try {
        // An open breaker closes with a good answer, so the next one is told at once.
        if ((await ledger.observeRail(observation)) === 'open') toldAt = 0;
      } catch (error) {
        log.warn({ rail: rail.name, err: error }, 'the breaker was not told what a rail did');
      }
    }
    telling = undefined;
  };

  return {
    note: ({ isGood, source, isProbe }) => {
      // What was good before a long silence says nothing of the rail as it is now.
      if (performance.now() - notedAt > rail.terms.breakerWindowMs) good = 0;
      notedAt = performance.now();
      if (isGood) good += 1;
      else {
        bad += 1;
        badSources.add(source);
      }
      isUrgent ||= !isGood || isProbe || performance.now() - toldAt >= goodEveryMs;
      if (isUrgent) telling ??= tell();
    },
    told: async () => {
      await telling;
    },
  };
}
