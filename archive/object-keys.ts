import { check } from '../domain/check.ts';

/** The keys of a segment's objects, as the store takes them: numbers, so that nothing in them is about anybody. */
export function objectKeysOf({ epoch, n }: { epoch: number; n: number }) {
  check(n > 0 && n < 100_000_000, 'a segment has a number of eight digits');
  const name = `${epoch}-${String(n).padStart(8, '0')}`;
  return {
    segment: `${name}.jsonl.gz`,
    slices: `${name}.slices`,
    manifest: `${name}.json`,
    checkpoint: `${name}.note`,
  } as const;
}
