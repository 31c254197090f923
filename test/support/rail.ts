import type { Pools } from './people.ts';

/** Terms of a rail that deduplicates for a day, as the tests of the ledger use them. Milliseconds. */
export const railTerms = { leaseMs: 15_000, deduplicatesMs: 86_400_000, quietMs: 25_000, giveUpMs: 300_000 } as const;

/** Opens or closes the breaker of the instant rail by hand; an open one has its next probe in a minute, unless said otherwise. */
export async function setBreaker({ root }: Pools, breaker: 'open' | 'closed', probeInMs = 60_000): Promise<void> {
  await root.query(
    "update ledger.rail set breaker = $1, probe_at = case $1 when 'open' then now() + $2 * interval '1 millisecond' end where name = 'instant'",
    [breaker, probeInMs],
  );
}

/** An operator holds the instant rail, or, with null, lets it go. */
export async function holdRail({ root }: Pools, by: string | null): Promise<void> {
  await root.query(
    "select ledger.pause_rail('instant', coalesce($1, 'olga'), case when $1 is not null then 'a test' end)",
    [by],
  );
}
