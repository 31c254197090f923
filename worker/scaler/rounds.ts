import type { Client } from '@temporalio/client';
import type { Log } from '../../config/log.ts';
import { type Backlog, measureQueue, sumOf, type TaskType } from './measure.ts';

/** One queue and type of task that was measured, or was not. */
type Measured = { queue: string; type: TaskType; backlog: Backlog | null };

/** Where figures go. `null`: it could not be measured, and the figure of before holds no longer. */
export type Figures = {
  setQueue: (queue: string, type: TaskType, backlog: Backlog | null) => void;
  setKind: (kind: string, backlog: Backlog | null) => void;
  countMissed: (queue: string) => void;
};

/** `queues`: the task queues of each kind of worker. Durations in milliseconds. */
export type RoundsOptions = {
  client: Client;
  queues: Readonly<Record<string, readonly string[]>>;
  figures: Figures;
  log: Pick<Log, 'warn'>;
  everyMs: number;
};

/** A server that works answers within milliseconds, one that is busy within a second or two. */
const answerMs = 5_000;

/** The rounds of measuring. */
export type Rounds = {
  /** How long ago each kind was last measured whole, in milliseconds; null: never. */
  agesMs: () => Record<string, number | null>;
  /** Resolves when the last round has ended. */
  end: () => Promise<void>;
};

/**
 * Measures every kind of worker now and every `everyMs`. The kinds wait for nothing of each other, and each of their queues has its own
 * deadline. A kind has a figure when all its queues were measured: a sum without one of them would look like less work. Never throws.
 */
export function startRounds({ everyMs, ...options }: RoundsOptions): Rounds {
  // A round ends before the next one begins, so that an old figure never replaces a newer one.
  const withinMs = Math.min(answerMs, everyMs * 0.9);
  const measuredAt = new Map<string, number>();
  const running = new Set<Promise<void>>();
  const measure = async (kind: string): Promise<void> => {
    const isWhole = await measureKind(kind, { ...options, withinMs });
    if (isWhole) measuredAt.set(kind, performance.now());
  };
  const round = (): void => {
    for (const kind of Object.keys(options.queues)) {
      const work = measure(kind).finally(() => running.delete(work));
      running.add(work);
    }
  };
  const timer = setInterval(round, everyMs);
  round();
  return {
    agesMs: () =>
      Object.fromEntries(
        Object.keys(options.queues).map((kind) => {
          const at = measuredAt.get(kind);
          return [kind, at === undefined ? null : performance.now() - at];
        }),
      ),
    end: async () => {
      clearInterval(timer);
      await Promise.all(running);
    },
  };
}

type Measuring = Pick<RoundsOptions, 'client' | 'queues' | 'figures' | 'log'> & { withinMs: number };

/** Whether all its queues were measured. */
async function measureKind(kind: string, { client, queues, figures, log, withinMs }: Measuring): Promise<boolean> {
  const measureOne = async (queue: string, type: TaskType): Promise<Measured> => {
    const backlog = await measureQueue(client, { queue, type, withinMs }).catch((err: unknown) => {
      log.warn({ err, queue, type }, 'the backlog of a task queue could not be measured');
      figures.countMissed(queue);
      return null;
    });
    figures.setQueue(queue, type, backlog);
    return { queue, type, backlog };
  };
  const types: TaskType[] = ['workflow', 'activity'];
  const all = await Promise.all((queues[kind] ?? []).flatMap((queue) => types.map((type) => measureOne(queue, type))));
  const known = all.flatMap(({ backlog }) => backlog ?? []);
  const isWhole = known.length === all.length;
  figures.setKind(kind, isWhole ? sumOf(known) : null);
  return isWhole;
}
