import { isOpen, type TransferState, type Transition, transferStates, transitions } from '../../domain/transfer.ts';
import { madeFrom, table } from './table.ts';

/** What each state means and what became of the money. One line per state: the compiler asks for a new one. */
const meanings: Record<TransferState, [meaning: string, funds: string]> = {
  declined: ['The ledger refused. Final: the same key always gets the same answer.', 'none'],
  scheduled: ['Waits, as a row, for a date, or for a rail that is down or paused.', 'held'],
  submitting: ['An attempt may be in flight.', 'held'],
  unknown: ['Bytes went to the rail and no decisive answer came. Inquiries go on until there is proof.', 'held'],
  completed: ['Final; the funds are available.', 'posted'],
  rejected: ['The rail refused.', 'released'],
  failed: ['Impossible, and proven never taken.', 'released'],
  cancelled: ['Withdrawn in time.', 'released'],
  reversed: ['Undone by a linked transfer.', 'given back'],
};

const steps: readonly Transition[] = transitions;

/** docs/states.md: the states, a diagram, and the table of steps. */
export function statesDocument(): string {
  const states = transferStates.map((state) => [marked(state), ...meanings[state], isOpen(state) ? 'open' : 'end']);
  const rows = steps.map((step) => [step.from ?? '–', withMark(step), step.to]);
  return [
    madeFrom('`domain/transfer.ts`'),
    '# The states of a transfer\n',
    'The database holds the same table and refuses every step that is not in it. `completed` is final with the funds',
    'available; telling the customer is not a state. What is marked (later) is in the table and no verb does it yet:',
    `${causesOfLater()}.\n`,
    table(['state', 'meaning', 'funds', 'kind'], states),
    '## How one leads to another\n',
    diagram(),
    'Not drawn: `contradicted`, which keeps an end as it is. A rail has said the opposite of what was proven, or accepted the',
    'transfer once more under another reference. The report is kept, the transfer gets attention, and what the rail says that it',
    'took is an entry from suspense to clearing, once for each reference.\n',
    '## Every step\n',
    table(['from', 'cause', 'to'], rows),
  ].join('\n');
}

/** Arrows between the same two states are one arrow with all their causes. */
function diagram(): string {
  const arrows = new Map<string, string[]>();
  for (const step of steps) {
    const { from, to } = step;
    if (from === to) continue;
    const arrow = `${from ?? '[*]'} --> ${to}`;
    arrows.set(arrow, [...(arrows.get(arrow) ?? []), withMark(step)]);
  }
  const lines = [...arrows].map(([arrow, causes]) => `  ${arrow}: ${causes.join(', ')}`);
  return ['```mermaid', 'stateDiagram-v2', '  direction LR', ...lines, '```', ''].join('\n');
}

const withMark = ({ cause, later }: Transition): string => (later === undefined ? cause : `${cause} (later)`);

/** A state is for later when every way into it is. */
function marked(state: TransferState): string {
  const ways = steps.filter(({ from, to }) => to === state && from !== to);
  return ways.every(({ later }) => later !== undefined) ? `${state} (later)` : state;
}

function causesOfLater(): string {
  const comesWith = new Map(steps.flatMap((step) => (step.later === undefined ? [] : [[step.cause, step.later]])));
  return [...comesWith].map(([cause, what]) => `\`${cause}\` comes with ${what}`).join(', ');
}
