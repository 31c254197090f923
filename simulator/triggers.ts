/**
 * The ways in which the bank can fail, chosen by the account number: `77` + family (2) + code (3) + timing (2). Anything else
 * succeeds. The page at `/` and the README show this table; a test compares them.
 */
export type Behaviour = {
  /** Refused this often per key before it is taken, and in which way. Infinity: always. */
  refuses: { times: number; answer: 'rate_limited' | 'not_taken' | null; delivery: Delivery } | null;
  /** The bank's final record once it is taken. */
  truth: { status: 'accepted' | 'rejected'; code: string };
  /** What the answer says, every time, where it differs from the record. */
  reply: { status: 'accepted' | 'rejected'; code: string } | null;
  /** How the first answer after taking goes wrong. Later ones are plain: the key is known then. */
  firstReply: { answer: FirstAnswer; delivery: Delivery };
  /** Virtual time after which the bank takes the key again, or null: it never forgets the key. */
  forgetsKeyAfterMs: number | null;
};

/** Which answer is given after taking: the real one, or one that hides what happened. */
export type FirstAnswer = 'real' | 'server_error' | 'pending' | 'conflict' | 'other_amount';

/** How an answer travels. `reset` is a TCP RST, `close` an orderly end without a byte; `exit` ends the whole bank. */
export type Delivery =
  | { kind: 'plain' | 'reset' | 'close' | 'exit' | 'cut' | 'not_json' | 'oversize' }
  | { kind: 'hang' | 'drip'; ms: number };

type Row = { summary: string; timing: string; change: (timing: number) => Partial<Behaviour> };

/** "Until the client goes" has an end too: no client of a 20-second rail waits longer than this. */
export const hangMaxMs = 600_000;
const hourMs = 3_600_000;

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
    change: (timing) => ({ refuses: { times: timing || Infinity, answer: null, delivery: { kind: 'reset' } } }),
  },
  '002': {
    summary: 'Connection closed in order (FIN) without an answer, nothing taken',
    timing: 'how often, then accepts; 00 = always',
    change: (timing) => ({ refuses: { times: timing || Infinity, answer: null, delivery: { kind: 'close' } } }),
  },
  '003': {
    summary: '503 not_taken with Retry-After, nothing taken',
    timing: 'how often, then accepts; 00 = always',
    change: (timing) => ({ refuses: { times: timing || Infinity, answer: 'not_taken', delivery: { kind: 'plain' } } }),
  },
  '004': {
    summary: '429 rate_limited with Retry-After, nothing taken',
    timing: 'how often, then accepts; 00 = never',
    change: (timing) => ({ refuses: { times: timing, answer: 'rate_limited', delivery: { kind: 'plain' } } }),
  },
  '005': {
    summary: '500 after taking',
    timing: 'none',
    change: () => ({ firstReply: { answer: 'server_error', delivery: { kind: 'plain' } } }),
  },
  '006': {
    summary: 'Hangs after taking, then answers',
    timing: 'tenths of a second; 00 = until the client goes',
    change: (timing) => ({ firstReply: { answer: 'real', delivery: { kind: 'hang', ms: tenths(timing) } } }),
  },
  '007': {
    summary: 'Hangs without taking, then closes; sent again, it is taken',
    timing: 'tenths of a second; 00 = until the client goes',
    change: (timing) => ({ refuses: { times: 1, answer: null, delivery: { kind: 'hang', ms: tenths(timing) } } }),
  },
  '008': {
    summary: '200 that cannot be believed, after taking',
    timing: '00 = body cut, 01 = not JSON, 02 = another amount, 03 = body of 1 MiB',
    change: (timing) => ({ firstReply: malformedReplies[timing] ?? malformedReplies[0] }),
  },
  '009': {
    summary: '202 with a status id after taking; the inquiry knows the end',
    timing: 'none',
    change: () => ({ firstReply: { answer: 'pending', delivery: { kind: 'plain' } } }),
  },
  '010': {
    summary: 'Answer drips byte by byte after taking',
    timing: 'tenths of a second; 00 = until the client goes',
    change: (timing) => ({ firstReply: { answer: 'real', delivery: { kind: 'drip', ms: tenths(timing) } } }),
  },
  '011': {
    summary: 'The bank exits after journaling, before replying, once per key',
    timing: 'none',
    change: () => ({ firstReply: { answer: 'real', delivery: { kind: 'exit' } } }),
  },
  '012': {
    summary: '409 key_conflict with the existing reference, after taking',
    timing: 'none',
    change: () => ({ firstReply: { answer: 'conflict', delivery: { kind: 'plain' } } }),
  },
  '013': {
    summary: 'Accepts, but forgets the key: sent again, money moves twice',
    timing: 'hours of virtual time; 00 = at once',
    change: (timing) => ({ forgetsKeyAfterMs: timing * hourMs }),
  },
};

/** The behaviour for an account number. Every text has one: what is not in the grammar is accepted. */
export function behaviourOf(accountNumber: string): Behaviour {
  const match = /^77(?<family>[0-9]{2})(?<code>[0-9]{3})(?<timing>[0-9]{2})$/.exec(accountNumber);
  const { family, code = '', timing } = match?.groups ?? {};
  if (family === '20') return { ...accepts, ...rejectionOf(rejectCodes[Number(code) - 1]) };
  if (family === '30') return { ...accepts, ...transportFaults[code]?.change(Number(timing)) };
  return accepts;
}

const plain = { kind: 'plain' } as const;

const accepts: Behaviour = {
  refuses: null,
  truth: { status: 'accepted', code: 'ACSC' },
  reply: null,
  firstReply: { answer: 'real', delivery: plain },
  forgetsKeyAfterMs: null,
};

/** By timing of code 008. The first also stands for timings that are not listed. */
const malformedReplies: readonly [Behaviour['firstReply'], ...Behaviour['firstReply'][]] = [
  { answer: 'real', delivery: { kind: 'cut' } },
  { answer: 'real', delivery: { kind: 'not_json' } },
  { answer: 'other_amount', delivery: plain },
  { answer: 'real', delivery: { kind: 'oversize' } },
];

function rejectionOf(code: (typeof rejectCodes)[number] | undefined): Partial<Behaviour> {
  if (code === undefined) return {};
  // A bank says DUPL because the first one is in its books: a platform that takes it for a refusal pays twice.
  if (code === 'DUPL') return { reply: { status: 'rejected', code } };
  return { truth: { status: 'rejected', code } };
}

const tenths = (timing: number): number => (timing === 0 ? hangMaxMs : timing * 100);
