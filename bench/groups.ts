import { request } from 'undici';

/** How many groups left and how many members they had, and how many had at most so many: the API's histogram of one rail. */
export type Groups = { count: number; sum: number; cumulative: Map<string, number> };

const metric = 'quittance_intake_group_members';

/** Reads the API's metrics (Prometheus text). */
export async function readGroups(url: string, rail: string): Promise<Groups> {
  const answer = await request(url);
  const lines = (await answer.body.text())
    .split('\n')
    .filter((line) => line.startsWith(metric) && line.includes(`rail="${rail}"`));
  const figure = (name: string) =>
    Number(
      lines
        .find((line) => line.startsWith(`${metric}_${name}{`))
        ?.split(' ')
        .at(-1) ?? 0,
    );
  const cumulative = new Map<string, number>();
  for (const line of lines) {
    const bound = /_bucket\{.*le="([^"]+)"/.exec(line)?.[1];
    if (bound) cumulative.set(bound, Number(line.split(' ').at(-1)));
  }
  return { count: figure('count'), sum: figure('sum'), cumulative };
}

/** The groups that left between two readings: their mean size, and the bucket of the largest. */
export function sizesBetween(before: Groups, after: Groups): { mean: number; largest: string } {
  const groups = after.count - before.count;
  const within = (bound: string) => (after.cumulative.get(bound) ?? 0) - (before.cumulative.get(bound) ?? 0);
  const largest = [...after.cumulative.keys()].find((bound) => within(bound) === groups) ?? '?';
  return { mean: groups === 0 ? 0 : (after.sum - before.sum) / groups, largest: `<= ${largest}` };
}
