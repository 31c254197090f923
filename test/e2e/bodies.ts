import type { Body, Ending } from './clients.ts';

/** Account numbers that make the bank misbehave (family, code, timing), how often of 100 each is used, and how it must end. */
const instant: { account: string; weight: number; ends: Ending }[] = [
  // Slow answers, so that something is always `submitting`.
  { account: '773000605', weight: 14, ends: 'completed' },
  { account: '773000612', weight: 8, ends: 'completed' },
  { account: '000000001', weight: 34, ends: 'completed' },
  // Family 20: refused. DUPL is no proof: the bank has it in its books.
  { account: '772000100', weight: 5, ends: 'rejected' },
  { account: '772000700', weight: 4, ends: 'rejected' },
  { account: '772000900', weight: 3, ends: 'completed' },
  // Family 30: the answer is lost, late, or cannot be believed; nothing of it may be sent under another key.
  { account: '773000101', weight: 4, ends: 'completed' },
  { account: '773000201', weight: 3, ends: 'completed' },
  { account: '773000301', weight: 4, ends: 'completed' },
  { account: '773000401', weight: 4, ends: 'completed' },
  { account: '773000500', weight: 4, ends: 'completed' },
  { account: '773000710', weight: 2, ends: 'completed' },
  { account: '773000800', weight: 2, ends: 'completed' },
  { account: '773000801', weight: 2, ends: 'completed' },
  { account: '773000802', weight: 2, ends: 'completed' },
  { account: '773000900', weight: 2, ends: 'completed' },
  { account: '773001010', weight: 2, ends: 'completed' },
  // The bank itself exits after taking.
  { account: '773001100', weight: 1, ends: 'completed' },
  { account: '773001200', weight: 1, ends: 'completed' },
];

/** How a transfer with that body must end, when it was not declined. */
export function endingOf({ destination }: Body): Ending {
  if (!('bank' in destination)) return 'completed';
  return instant.find(({ account }) => account === destination.bank.account_number)?.ends ?? 'completed';
}

/** Random bodies from a seed: a third in the book, the rest to the bank; a tenth of them for a date some seconds ahead. */
export function createBodies(accounts: readonly string[], seed: number): () => Body {
  const random = mulberry(seed);
  const pick = <T>(from: readonly T[]): T => {
    const found = from[Math.floor(random() * from.length)];
    if (found === undefined) throw new RangeError('nothing to pick from');
    return found;
  };
  const weighted = instant.flatMap(({ account, weight }) => Array.from({ length: weight }, () => account));
  return () => {
    const source = pick(accounts);
    const other = pick(accounts.filter((account) => account !== source));
    const terms = { amount: String(1 + Math.floor(random() * 900)), currency: 'USD', source: { account_id: source } };
    const later =
      random() < 0.1 ? { execute_at: new Date(Date.now() + 1_000 + Math.floor(random() * 3_000)).toISOString() } : {};
    if (random() < 0.33) return { rail: 'book', destination: { account_id: other }, ...terms, ...later };
    const bank = {
      routing_number: pick(['021000021', '011401533', '091000019']),
      account_number: pick(weighted),
      name: 'Somebody Else',
    };
    return { rail: 'instant', destination: { bank }, ...terms, ...later };
  };
}

/** Mulberry32: 32 bits of state, enough for a test that must be repeated from its seed. */
export function mulberry(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let x = Math.imul(state ^ (state >>> 15), 1 | state);
    x = (x + Math.imul(x ^ (x >>> 7), 61 | x)) ^ x;
    return ((x ^ (x >>> 14)) >>> 0) / 4_294_967_296;
  };
}
