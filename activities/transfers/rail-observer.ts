import type { Log } from '../../config/log.ts';
import type { Rail } from '../../domain/rail.ts';
import type { Ledger } from '../../ledger/index.ts';
import type { SourceCount } from '../../ledger/rails/observe.ts';

/** While a rail works, good answers are published at most this often: the row is shared by all workers. */
const goodEveryMs = 1_000;
/** Tenants and banks that are told apart in one observation; those beyond count for the rail only. */
const sourcesMax = 500;
/** What a failure costs that took the whole time of a request, beside the 1 of every failure: it kept its place from others. */
const timeoutCost = 4;

/** What a send says about its rail and bank. `tookMs`: how long it held its place. */
export type SendObservation = { isGood: boolean; tenant: string; bank: string; tookMs: number; isProbe: boolean };

/** Writes what this process observes of a rail and its banks to their breakers. */
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
  let counts = new Map<string, SourceCount>();
  let isUrgent = false;
  let publishedAt = 0;
  let recordedAt = 0;
  let publishing: Promise<void> | undefined;

  const publish = async (): Promise<void> => {
    while (isUrgent) {
      const observation = { rail: rail.name, sources: [...counts.values()] };
      counts = new Map();
      isUrgent = false;
      publishedAt = performance.now();
      try {
        const { breaker, banks } = await ledger.observeRail(observation);
        // An open breaker closes with a good answer, so the next one is published immediately.
        if (breaker === 'open') publishedAt = 0;
        for (const { bank, breaker: now } of banks) log.warn({ rail: rail.name, bank, breaker: now }, bankLines[now]);
      } catch (error) {
        log.warn({ rail: rail.name, err: error }, 'the observations of a rail could not be written to its breaker');
      }
    }
    publishing = undefined;
  };

  return {
    record: ({ isGood, tenant, bank, tookMs, isProbe }) => {
      // Good answers from before a long pause say nothing about the rail now.
      if (performance.now() - recordedAt > rail.terms.breakerWindowMs)
        for (const count of counts.values()) count.good = 0;
      recordedAt = performance.now();
      const count = countOf(counts, { tenant, bank });
      count.good += isGood ? 1 : 0;
      count.bad += isGood ? 0 : 1;
      count.cost += isGood ? 0 : 1 + Math.floor(timeoutCost * Math.min(tookMs / rail.terms.requestTimeoutMs, 1));
      isUrgent ||= !isGood || isProbe || performance.now() - publishedAt >= goodEveryMs;
      if (isUrgent) publishing ??= publish();
    },
    flush: async () => {
      await publishing;
    },
  };
}

const bankLines = {
  open: 'a bank does not answer: its transfers wait, and probes ask it',
  closed: 'a bank answers again',
} as const;

function countOf(counts: Map<string, SourceCount>, source: { tenant: string; bank: string }): SourceCount {
  const isNew = !counts.has(`${source.tenant}/${source.bank}`);
  const { tenant, bank } = isNew && counts.size >= sourcesMax ? { tenant: 'others', bank: '' } : source;
  const count = counts.get(`${tenant}/${bank}`) ?? { tenant, bank, good: 0, bad: 0, cost: 0 };
  counts.set(`${tenant}/${bank}`, count);
  return count;
}
