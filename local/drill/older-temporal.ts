import type { Drill } from './point-in-time.ts';

/** What is counted in a drill whose Temporal is older than the ledger. */
export type OlderTemporal = {
  sent: number;
  /** Transfers that were open when Temporal's data was lost. */
  open: number;
  doubled: number;
  /** Requests without exactly one transfer that has ended. */
  notOnce: number;
  broken: string[];
};

/** How far ahead transfers are dated that must still be open when Temporal's data is replaced. */
const laterMs = 8_000;
const laterCount = 4;

/**
 * Puts an older copy in the place of Temporal's data: it knows nothing of the newest transfers, and of some older ones it
 * believes that they are still on their way.
 */
export async function olderTemporal({ platform, clients, facts, steps, count }: Drill): Promise<OlderTemporal> {
  const { temporal } = platform;
  const known = (await facts.broken()).length;
  const sent = await steps.time(
    'traffic',
    () => clients.send(count),
    (all) => `${all.length} answers`,
  );
  for (let n = 0; n < laterCount; n += 1) sent.push(await clients.sendLater(laterMs));
  await platform.killPrograms();
  await temporal.kill();
  const open = [...(await facts.rowsOf(sent)).values()].flat().filter(({ state }) => isOpen(state)).length;
  await steps.time("Temporal's older data put back and started", async () => {
    temporal.putCopyBack();
    await temporal.start();
  });
  await steps.time('API and worker started', platform.startPrograms);
  await steps.time('all transfers ended', facts.untilAllEnded, () => `${open} were open`);
  const bank = await facts.bank();
  const rows = await facts.rowsOf(sent);
  return {
    ...{ sent: sent.length, open },
    doubled: bank.length - new Set(bank.map(({ amount }) => amount)).size,
    notOnce: sent.filter(({ key }) => !isOnce(rows.get(key) ?? [])).length,
    broken: (await facts.broken()).slice(known),
  };
}

const isOpen = (state: string): boolean => ['scheduled', 'submitting', 'unknown'].includes(state);
const isOnce = (rows: readonly { state: string }[]): boolean =>
  rows.length === 1 && !isOpen(rows[0]?.state ?? '') && rows[0]?.state !== 'declined';
