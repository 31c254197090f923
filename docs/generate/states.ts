import { isOpen, type TransferCause, type TransferState, transferStates, transitions } from '../../domain/transfer.ts';
import { causesLater } from './later.ts';
import { madeFrom, table } from './table.ts';

/** What each state means and what became of the money. One line per state: the compiler asks for a new one. */
const meanings: Record<TransferState, [meaning: string, funds: string]> = {
  declined: ['The ledger refused. Final: the same key always gets the same answer.', 'none'],
  scheduled: ['Waits, as a row, for a date, or for a rail that is down or closed.', 'held'],
  submitting: ['An attempt may be in flight.', 'held'],
  unknown: ['Bytes went to the rail and no decisive answer came. Inquiries go on until there is proof.', 'held'],
  completed: ['Final; the funds are available.', 'posted'],
  rejected: ['The rail refused.', 'released'],
  failed: ['Impossible, and proven never taken.', 'released'],
  cancelled: ['Withdrawn in time.', 'released'],
  reversed: ['Undone by a linked transfer.', 'given back'],
};

/** docs/states.md: the states, a diagram, and the table of steps. */
export function statesDocument(): string {
  const states = transferStates.map((state) => [marked(state), ...meanings[state], isOpen(state) ? 'open' : 'end']);
  const steps = transitions.map(({ from, cause, to }) => [from ?? '–', withMark(cause), to]);
  return [
    madeFrom('`domain/transfer.ts`'),
    '# The states of a transfer\n',
    'The database holds the same table and refuses every step that is not in it. `completed` is final with the funds',
    'available; telling the customer is not a state. What is marked (later) is in the table and no verb does it yet:',
    `${later()}.\n`,
    table(['state', 'meaning', 'funds', 'kind'], states),
    '## How one leads to another\n',
    diagram(),
    'Not drawn: `contradicted`, which keeps an end as it is. A rail has said the opposite of what was proven; the report is',
    'kept and the transfer gets attention.\n',
    '## Every step\n',
    table(['from', 'cause', 'to'], steps),
  ].join('\n');
}

/** Arrows between the same two states are one arrow with all their causes. */
function diagram(): string {
  const arrows = new Map<string, string[]>();
  for (const { from, cause, to } of transitions) {
    if (from === to) continue;
    const arrow = `${from ?? '[*]'} --> ${to}`;
    arrows.set(arrow, [...(arrows.get(arrow) ?? []), withMark(cause)]);
  }
  const lines = [...arrows].map(([arrow, causes]) => `  ${arrow}: ${causes.join(', ')}`);
  return ['```mermaid', 'stateDiagram-v2', '  direction LR', ...lines, '```', ''].join('\n');
}

const withMark = (cause: TransferCause): string => (causesLater[cause] === undefined ? cause : `${cause} (later)`);

/** A state is for later when every way into it is. */
function marked(state: TransferState): string {
  const ways = transitions.filter(({ from, to }) => to === state && from !== to);
  return ways.every(({ cause }) => causesLater[cause] !== undefined) ? `${state} (later)` : state;
}

function later(): string {
  return Object.entries(causesLater)
    .map(([cause, comesWith]) => `\`${cause}\` comes with ${comesWith}`)
    .join(', ');
}
