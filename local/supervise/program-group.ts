import type { Place } from '../instance.ts';
import { StartFault } from '../start-fault.ts';
import { sayAs } from '../terminal.ts';
import { type Child, type ChildPlan, startChild } from './program.ts';

/** What this launcher runs, in the order of starting. */
export type Running = { start: (plan: ChildPlan) => Promise<void>; stopAll: () => Promise<void> };

/** Starts programs in a place and stops them in the reverse order. Each plan has its own bound, so stopping has one. */
export function runIn(place: Place): Running {
  const children: Child[] = [];
  let stopping: Promise<void> | undefined;
  return {
    start: async (plan) => {
      if (stopping) throw new StartFault('Stopped while starting.');
      const say = sayAs(plan.name);
      const child = startChild(plan, { record: place.record, logFolder: place.logFolder, say });
      children.push(child);
      await child.whenReady();
    },
    stopAll: () => {
      stopping ??= stopInReverse(children);
      return stopping;
    },
  };
}

async function stopInReverse(children: readonly Child[]): Promise<void> {
  for (const child of children.toReversed()) await child.stop();
}
