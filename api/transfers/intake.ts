import pTimeout from 'p-timeout';
import { createFairQueue, type GroupLimits, type QueueLimits } from '../../concurrency/fair-queue.ts';
import { createLanes } from '../../concurrency/lanes.ts';
import type { RailName } from '../../domain/rail.ts';
import type { TransferRequest } from '../../domain/transfer.ts';
import { railNames } from '../../rails/index.ts';
import { groupLimits, type ReserveAnswer } from '../../workflows/contract/messages.ts';
import type { Metrics } from '../metrics.ts';

/** How a submitted transfer is answered. Only `answered` says what the ledger decided. */
export type IntakeAnswer =
  | { kind: 'answered'; answer: ReserveAnswer }
  /** No call to Temporal carried it, and none will. */
  | { kind: 'not_attempted' }
  /** A call carried it, and there is no answer about it. */
  | { kind: 'outcome_unknown' };

/** Where requests become groups. */
export type Intake = {
  submit(request: TransferRequest): Promise<IntakeAnswer>;
  /** Whether its groups are answered: false while the lanes of a rail are closed except for probes. */
  isAnswered(): boolean;
  /** Resolves when nothing waits and nothing is in flight. */
  idle(): Promise<void>;
};

/** The one call that carries a group: starts its workflow and waits for the ledger's answers. Throws when there is none. */
export type StartGroup = (rail: RailName, members: TransferRequest[]) => Promise<ReserveAnswer[]>;

export type IntakeLimits = {
  /** Concurrent groups of one rail. */
  lanes: number;
  group: GroupLimits;
  queue: QueueLimits;
  /** How long a group waits for its answer. */
  answerMs: number;
  /** How long a request may wait for a lane. */
  waitMs: number;
  /** After this many unanswered groups in a row the lanes close. */
  unansweredMax: number;
};

export const intakeLimits: IntakeLimits = {
  lanes: 2,
  group: groupLimits,
  queue: {
    // About two seconds of the highest rate that was measured.
    members: 10_000,
    // The memory of a full queue.
    bytes: 16 * 1_048_576,
    // Four tenants can fill the queue, one cannot.
    tenantShare: 0.25,
  },
  answerMs: 5_000,
  waitMs: 5_000,
  unansweredMax: 2,
};

type IntakeDeps = {
  startGroup: StartGroup;
  metrics: Metrics;
  limits?: Partial<IntakeLimits>;
  /** The clock by which requests wait, in milliseconds. */
  nowMs?: () => number;
};

/**
 * Gathers requests into groups, by rail. A group is natural: what waits leaves when one of the rail's lanes is
 * free, so a single request leaves immediately, and a group grows only while both lanes are busy. No timer makes a
 * request wait for others.
 *
 * When the platform behind does not answer, the lanes close: what waits, and whatever comes, is answered `not_attempted` at once,
 * except for one probe at a time. The first answer opens them again.
 */
export function createIntake({
  startGroup,
  metrics,
  limits = {},
  nowMs = () => performance.now(),
}: IntakeDeps): Intake {
  const bounds = { ...intakeLimits, ...limits };
  const rails = new Map(
    railNames.map((rail) => [rail, createRailIntake(rail, { startGroup, metrics, bounds, nowMs })]),
  );
  return {
    submit: (request) => rails.get(request.rail)?.submit(request) ?? Promise.resolve({ kind: 'not_attempted' }),
    isAnswered: () => [...rails.values()].every((rail) => rail.isAnswered()),
    idle: async () => {
      await Promise.all([...rails.values()].map((rail) => rail.idle()));
    },
  };
}

type Waiting = {
  tenantId: string;
  key: string;
  bytes: number;
  since: number;
  request: TransferRequest;
  answer: (answer: IntakeAnswer) => void;
};

type RailDeps = { startGroup: StartGroup; metrics: Metrics; bounds: IntakeLimits; nowMs: () => number };

function createRailIntake(rail: RailName, { startGroup, metrics, bounds, nowMs }: RailDeps): Intake {
  const queue = createFairQueue<Waiting>(bounds.queue);
  let unanswered = 0;
  const isClosed = () => unanswered >= bounds.unansweredMax;
  const showWaiting = () => metrics.waiting.set({ rail }, queue.size());

  const carry = async (members: Waiting[]): Promise<void> => {
    metrics.groupSize.observe({ rail }, members.length);
    const stop = metrics.groupSeconds.startTimer({ rail });
    const requests = members.map((member) => member.request);
    const answers = await answersOf(startGroup(rail, requests), bounds.answerMs);
    stop();
    unanswered = answers === null ? unanswered + 1 : 0;
    settle(members, answers ?? []);
    if (isClosed()) for (const waiting of queue.takeAll()) waiting.answer({ kind: 'not_attempted' });
    showWaiting();
  };

  const lanes = createLanes<Waiting>({
    lanes: () => (isClosed() ? 1 : bounds.lanes),
    isEmpty: () => queue.size() === 0,
    take: () => {
      const taken = queue.take(bounds.group);
      showWaiting();
      return withoutLate(taken, nowMs() - bounds.waitMs);
    },
    run: carry,
  });

  const submit = (request: TransferRequest): Promise<IntakeAnswer> =>
    new Promise((resolve) => {
      const waiting = { ...toWaiting(request, resolve, metrics), since: nowMs() };
      // While the lanes are closed nothing queues: either this is the probe, or it is answered immediately.
      const isTaken = (!isClosed() || (lanes.busy() === 0 && queue.size() === 0)) && queue.push(waiting);
      if (!isTaken) return waiting.answer({ kind: 'not_attempted' });
      showWaiting();
      lanes.wake();
    });

  return { submit, isAnswered: () => !isClosed(), idle: lanes.idle };
}

function toWaiting(
  request: TransferRequest,
  resolve: (answer: IntakeAnswer) => void,
  metrics: Metrics,
): Omit<Waiting, 'since'> {
  const { tenantId, key, rail } = request;
  const answer = (result: IntakeAnswer) => {
    metrics.outcomes.inc({ rail, outcome: result.kind === 'answered' ? result.answer.result : result.kind });
    resolve(result);
  };
  return { tenantId, key, bytes: encodedBytes(request), request, answer };
}

/** Answers those that wait since before `oldest` with not_attempted, and returns the others. */
function withoutLate(taken: Waiting[], oldest: number): Waiting[] {
  for (const member of taken) if (member.since < oldest) member.answer({ kind: 'not_attempted' });
  return taken.filter((member) => member.since >= oldest);
}

/** Gives each member its own answer, by its id. The outcome of one that the group's answer does not name is unknown. */
function settle(members: Waiting[], answers: ReserveAnswer[]): void {
  const byId = new Map(answers.map((answer) => [answer.id, answer]));
  for (const member of members) {
    const answer = byId.get(member.request.id);
    member.answer(answer ? { kind: 'answered', answer } : { kind: 'outcome_unknown' });
  }
}

/** The call's answers, or null when it failed or took too long. After a call nothing proves that it did not arrive. */
const answersOf = (call: Promise<ReserveAnswer[]>, ms: number): Promise<ReserveAnswer[] | null> =>
  // The error is logged where the call is made; here it is only the absence of an answer.
  pTimeout(
    call.catch(() => null),
    { milliseconds: ms, fallback: () => null },
  );

/** What Temporal adds to each argument of a start: names of its encoding, lengths. Measured generously. */
const envelopeBytes = 64;

const encodedBytes = (request: TransferRequest): number => Buffer.byteLength(JSON.stringify(request)) + envelopeBytes;
