import { isOpen, type TransferEvent, type TransferState, transferStates, transitions } from '../../domain/transfer.ts';
import { eventsLater } from './later.ts';
import { madeFrom, table } from './table.ts';

/** What each state means and what became of the money. One line per state: the compiler asks for a new one. */
const meanings: Record<TransferState, [meaning: string, funds: string]> = {
  declined: ['The ledger refused. For ever: the same key gets the same answer.', 'none'],
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
  const steps = transitions.map(({ from, event, to }) => [from ?? '–', withMark(event), to]);
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
    table(['from', 'event', 'to'], steps),
  ].join('\n');
}

/** Arrows between the same two states are one arrow with all their events. */
function diagram(): string {
  const arrows = new Map<string, string[]>();
  for (const { from, event, to } of transitions) {
    if (from === to) continue;
    const arrow = `${from ?? '[*]'} --> ${to}`;
    arrows.set(arrow, [...(arrows.get(arrow) ?? []), withMark(event)]);
  }
  const lines = [...arrows].map(([arrow, events]) => `  ${arrow}: ${events.join(', ')}`);
  return ['```mermaid', 'stateDiagram-v2', '  direction LR', ...lines, '```', ''].join('\n');
}

const withMark = (event: TransferEvent): string => (eventsLater[event] === undefined ? event : `${event} (later)`);

/** A state is for later when every way into it is. */
function marked(state: TransferState): string {
  const ways = transitions.filter(({ from, to }) => to === state && from !== to);
  return ways.every(({ event }) => eventsLater[event] !== undefined) ? `${state} (later)` : state;
}

function later(): string {
  return Object.entries(eventsLater)
    .map(([event, comesWith]) => `\`${event}\` comes with ${comesWith}`)
    .join(', ');
}
