import pTimeout from 'p-timeout';

/** `ok`: it may be read. `behind`: it lacks what the primary had at the bound. `away`: it, or the primary, does not answer. */
export type StandbyState = 'ok' | 'behind' | 'away';

/** Knows whether the standby may be read now, without a client waiting for it. */
export type StandbyWatch = {
  /** What a standby must have reached to be no older than the bound; null when that is not known, or it is away or behind. */
  needed(): bigint | null;
  state(): StandbyState;
  /** A read found that it is gone: nobody else tries before the next look. */
  isGone(): void;
  end(): void;
};

export type StandbyWatchDeps = {
  /** Where the primary has written its log up to. */
  readPrimary: () => Promise<bigint>;
  /** Where the standby has replayed it up to; null when it is no standby. */
  readStandby: () => Promise<bigint | null>;
  onState: (state: StandbyState) => void;
  /** The longest that a standby may be behind, in milliseconds. */
  lagMaxMs: number;
  terms?: typeof defaultTerms;
};

/** Milliseconds. */
const defaultTerms = {
  /** How often a process compares the standby with the primary. */
  lookEveryMs: 1_000,
  /** A server that does not answer for this long counts as away. */
  answerMs: 500,
};

/**
 * Compares the standby with the primary each second. The bound needs no clock of a server: what the primary had is remembered by
 * this process's own steady clock, and a standby that has it is no older than that.
 */
export function watchStandby({ terms = defaultTerms, ...deps }: StandbyWatchDeps): StandbyWatch {
  const { readPrimary, readStandby, onState, lagMaxMs } = deps;
  let seen: { at: number; position: bigint }[] = [];
  let state: StandbyState = 'away';
  const oldestWithin = (): bigint | null => {
    const from = performance.now() - lagMaxMs;
    seen = seen.filter(({ at }) => at >= from);
    return seen[0]?.position ?? null;
  };
  const look = async (): Promise<void> => {
    const at = performance.now();
    const [primary, standby] = await Promise.all([
      answerOf(readPrimary, terms.answerMs),
      answerOf(readStandby, terms.answerMs),
    ]);
    if (primary !== null) seen.push({ at, position: primary });
    const needed = oldestWithin();
    if (standby === null || needed === null) state = 'away';
    else state = standby >= needed ? 'ok' : 'behind';
    onState(state);
  };
  let isLooking = false;
  const lookOnce = (): void => {
    if (isLooking) return;
    isLooking = true;
    void look().finally(() => {
      isLooking = false;
    });
  };
  lookOnce();
  const timer = setInterval(lookOnce, terms.lookEveryMs).unref();
  return {
    needed: () => (state === 'ok' ? oldestWithin() : null),
    state: () => state,
    isGone: () => {
      state = 'away';
    },
    end: () => clearInterval(timer),
  };
}

/** What a server answers in time, or null. Any error means that it does not answer. */
function answerOf(read: () => Promise<bigint | null>, ms: number): Promise<bigint | null> {
  const answer = read().catch(() => null);
  return pTimeout(answer, { milliseconds: ms, fallback: () => null });
}
