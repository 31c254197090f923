/**
 * The page of Temporal's core with one more figure: of each task queue, how much of this process's slots is used, from 0 to 1. The kind of
 * task that uses the most counts: a worker whose slots for activities are all used takes none, however many workflows it could run.
 */
export function withSlotUse(page: string): string {
  const used = slotsIn(page, 'used');
  const available = slotsIn(page, 'available');
  const shares = new Map<string, number>();
  for (const [slots, free] of available) {
    const taken = used.get(slots) ?? 0;
    const queue = slots.slice(0, slots.lastIndexOf(' '));
    if (taken + free > 0) shares.set(queue, Math.max(shares.get(queue) ?? 0, taken / (taken + free)));
  }
  const lines = [...shares].map(([queue, share]) => `${name}{queue="${queue}"} ${share}\n`);
  return lines.length === 0 ? page : `${page}${page.endsWith('\n') ? '' : '\n'}${head}${lines.join('')}`;
}

const name = 'quittance_worker_slots_used';
const head = `# HELP ${name} How much of the slots of a task queue this process uses, from 0 to 1.\n# TYPE ${name} gauge\n`;

/** Slots by queue and type of worker. */
function slotsIn(page: string, which: 'used' | 'available'): Map<string, number> {
  const counts = new Map<string, number>();
  for (const [, labels = '', value] of page.matchAll(
    new RegExp(`^temporal_worker_task_slots_${which}\\{([^}]*)\\} (\\S+)`, 'gm'),
  )) {
    const labelOf = (label: string) => new RegExp(`\\b${label}="([^"]*)"`).exec(labels)?.[1];
    const [queue, type] = [labelOf('task_queue'), labelOf('worker_type')];
    if (queue && type) counts.set(`${queue} ${type}`, Number(value));
  }
  return counts;
}
