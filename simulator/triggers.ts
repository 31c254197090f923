/**
 * What a bank can do wrong, chosen by the account number: `77` + family (2) + code (3) + timing (2). Anything else
 * succeeds. The page at `/` and the README show this table; a test compares them.
 */
export type Behaviour = {
  /** Turned away this often per key before it is taken, and in which way. Infinity: always. */
  turnsAway: { times: number; answer: 'rate_limited' | 'not_taken' | null; manner: Manner } | null;
  /** What the books say once it is taken. */
  books: { status: 'accepted' | 'rejected'; code: string };
  /** What the answer says, every time, where it differs from the books. */
  says: { status: 'accepted' | 'rejected'; code: string } | null;
  /** How the first answer after taking goes wrong. Later ones are plain: the key is known then. */
  first: { answer: FirstAnswer; manner: Manner };
  /** Virtual time after which the bank takes the key anew, or null: it never forgets the key. */
  forgetsKeyAfterMs: number | null;
};

/** Which answer is given after taking: the real one, or one that hides what happened. */
export type FirstAnswer = 'real' | 'server_error' | 'pending' | 'conflict' | 'other_amount';

/** How an answer travels. `reset` is a TCP RST, `close` an orderly end without a byte; `exit` ends the whole bank. */
export type Manner =
  | { kind: 'plain' | 'reset' | 'close' | 'exit' | 'cut' | 'not_json' | 'oversize' }
  | { kind: 'hang' | 'drip'; ms: number };

type Row = { summary: string; timing: string; change: (timing: number) => Partial<Behaviour> };

/** "Until the client goes" has an end too: no client of a 20-second rail waits longer than this. */
export const HANG_MS_MAX = 600_000;
const HOUR_MS = 3_600_000;

/** Family 20: the ISO codes, in the order of their index. */
export const rejectCodes = [
  'AC01',
  'AC03',
  'AC04',
  'AC06',
  'AG01',
  'AM02',
  'AM04',
  'BE04',
  'DUPL',
  'FF01',
  'MD07',
  'MS03',
  'RC01',
  'RR04',
  'TM01',
  'E433',
] as const;

/** Family 30: faults of the transport while a transfer is submitted. */
export const transportFaults: Record<string, Row> = {
  '001': {
    summary: 'Connection reset (TCP RST) without an answer, nothing taken',
    timing: 'how often, then accepts; 00 = always',
    change: (timing) => ({ turnsAway: { times: timing || Infinity, answer: null, manner: { kind: 'reset' } } }),
  },
  '002': {
    summary: 'Connection closed in order (FIN) without an answer, nothing taken',
    timing: 'how often, then accepts; 00 = always',
    change: (timing) => ({ turnsAway: { times: timing || Infinity, answer: null, manner: { kind: 'close' } } }),
  },
  '003': {
    summary: '503 not_taken with Retry-After, nothing taken',
    timing: 'how often, then accepts; 00 = always',
    change: (timing) => ({ turnsAway: { times: timing || Infinity, answer: 'not_taken', manner: { kind: 'plain' } } }),
  },
  '004': {
    summary: '429 rate_limited with Retry-After, nothing taken',
    timing: 'how often, then accepts; 00 = never',
    change: (timing) => ({ turnsAway: { times: timing, answer: 'rate_limited', manner: { kind: 'plain' } } }),
  },
  '005': {
    summary: '500 after taking',
    timing: 'none',
    change: () => ({ first: { answer: 'server_error', manner: { kind: 'plain' } } }),
  },
  '006': {
    summary: 'Hangs after taking, then answers',
    timing: 'tenths of a second; 00 = until the client goes',
    change: (timing) => ({ first: { answer: 'real', manner: { kind: 'hang', ms: tenths(timing) } } }),
  },
  '007': {
    summary: 'Hangs without taking, then closes; sent again, it is taken',
    timing: 'tenths of a second; 00 = until the client goes',
    change: (timing) => ({ turnsAway: { times: 1, answer: null, manner: { kind: 'hang', ms: tenths(timing) } } }),
  },
  '008': {
    summary: '200 that cannot be believed, after taking',
    timing: '00 = body cut, 01 = not JSON, 02 = another amount, 03 = body of 1 MiB',
    change: (timing) => ({ first: unbelievable[timing] ?? unbelievable[0] }),
  },
  '009': {
    summary: '202 with a status id after taking; the inquiry knows the end',
    timing: 'none',
    change: () => ({ first: { answer: 'pending', manner: { kind: 'plain' } } }),
  },
  '010': {
    summary: 'Answer drips byte by byte after taking',
    timing: 'tenths of a second; 00 = until the client goes',
    change: (timing) => ({ first: { answer: 'real', manner: { kind: 'drip', ms: tenths(timing) } } }),
  },
  '011': {
    summary: 'The bank exits after journaling, before replying, once per key',
    timing: 'none',
    change: () => ({ first: { answer: 'real', manner: { kind: 'exit' } } }),
  },
  '012': {
    summary: '409 key_conflict with the existing reference, after taking',
    timing: 'none',
    change: () => ({ first: { answer: 'conflict', manner: { kind: 'plain' } } }),
  },
  '013': {
    summary: 'Accepts, but forgets the key: sent again, money moves twice',
    timing: 'hours of virtual time; 00 = at once',
    change: (timing) => ({ forgetsKeyAfterMs: timing * HOUR_MS }),
  },
};

/** The behaviour that an account number asks for. Every text has one: what is not in the grammar is accepted. */
export function behaviourOf(accountNumber: string): Behaviour {
  const match = /^77(?<family>[0-9]{2})(?<code>[0-9]{3})(?<timing>[0-9]{2})$/.exec(accountNumber);
  const { family, code = '', timing } = match?.groups ?? {};
  if (family === '20') return { ...accepts, ...rejectionOf(rejectCodes[Number(code) - 1]) };
  if (family === '30') return { ...accepts, ...transportFaults[code]?.change(Number(timing)) };
  return accepts;
}

const plain = { kind: 'plain' } as const;

const accepts: Behaviour = {
  turnsAway: null,
  books: { status: 'accepted', code: 'ACSC' },
  says: null,
  first: { answer: 'real', manner: plain },
  forgetsKeyAfterMs: null,
};

/** By timing of code 008. The first also stands for timings that are not listed. */
const unbelievable: readonly [Behaviour['first'], ...Behaviour['first'][]] = [
  { answer: 'real', manner: { kind: 'cut' } },
  { answer: 'real', manner: { kind: 'not_json' } },
  { answer: 'other_amount', manner: plain },
  { answer: 'real', manner: { kind: 'oversize' } },
];

function rejectionOf(code: (typeof rejectCodes)[number] | undefined): Partial<Behaviour> {
  if (code === undefined) return {};
  // A bank says DUPL because the first one is in its books: whoever takes it for a no gives the money away twice.
  if (code === 'DUPL') return { says: { status: 'rejected', code } };
  return { books: { status: 'rejected', code } };
}

const tenths = (timing: number): number => (timing === 0 ? HANG_MS_MAX : timing * 100);
