import type { Log } from '../../config/log.ts';
import type { Rail } from '../../domain/rail.ts';
import type { Ledger } from '../../ledger/index.ts';

/** While a rail works, good answers are published at most this often: the row is shared by all workers. */
const goodEveryMs = 1_000;

/** What a send says about its rail. `source` names tenant and bank, so that one customer's bad number opens no breaker. */
export type SendObservation = { isGood: boolean; source: string; isProbe: boolean };

/** Writes what this process observes of a rail to its breaker. */
export type RailObserver = {
  record(observation: SendObservation): void;
  /** Waits until everything recorded is published. */
  flush(): Promise<void>;
};

/** One per rail and process: observations during one call are published with the next. It never throws, because the breaker is a hint. */
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
  let publishedAt = 0;
  let recordedAt = 0;
  let publishing: Promise<void> | undefined;

  const publish = async (): Promise<void> => {
    while (isUrgent) {
      const observation = { rail: rail.name, good, bad, badSources: [...badSources] };
      good = 0;
      bad = 0;
      badSources = new Set();
      isUrgent = false;
      publishedAt = performance.now();
      try {
        // An open breaker closes with a good answer, so the next one is published immediately.
        if ((await ledger.observeRail(observation)) === 'open') publishedAt = 0;
      } catch (error) {
        log.warn({ rail: rail.name, err: error }, 'the observations of a rail could not be written to its breaker');
      }
    }
    publishing = undefined;
  };

  return {
    record: ({ isGood, source, isProbe }) => {
      // Good answers from before a long pause say nothing about the rail now.
      if (performance.now() - recordedAt > rail.terms.breakerWindowMs) good = 0;
      recordedAt = performance.now();
      if (isGood) good += 1;
      else {
        bad += 1;
        badSources.add(source);
      }
      isUrgent ||= !isGood || isProbe || performance.now() - publishedAt >= goodEveryMs;
      if (isUrgent) publishing ??= publish();
    },
    flush: async () => {
      await publishing;
    },
  };
}
