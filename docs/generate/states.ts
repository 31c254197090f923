import { attentionReasons, nextSteps, waiters } from '../../domain/next-step.ts';
import { stateMeanings } from '../../domain/state-meanings.ts';
import { isOpen, type TransferState, type Transition, transferStates, transitions } from '../../domain/transfer.ts';
import { madeFrom, table } from './table.ts';

const steps: readonly Transition[] = transitions;

/** docs/states.md: the states, a diagram, and the table of steps. */
export function statesDocument(): string {
  const states = transferStates.map((state) => [
    marked(state),
    ...stateMeanings[state],
    isOpen(state) ? 'open' : 'end',
  ]);
  const rows = steps.map((step) => [step.from ?? '–', withMark(step), step.to]);
  return [
    madeFrom('`domain/transfer.ts`'),
    '# The states of a transfer\n',
    'The database holds the same table and refuses every step that is not in it. `completed` is final with the funds',
    'available; telling the customer is not a state. What is marked (later) is in the table and no verb does it yet:',
    `${causesOfLater()}.\n`,
    table(['state', 'meaning', 'funds', 'kind'], states),
    '## What comes next\n',
    'An open transfer says in `next` what it does, when, and what it waits for. `next.at` is never in the past of a read: what is due',
    'and not done yet shows the time of the read. Words may be added.\n',
    table(['`next.what`', 'meaning'], wordsOf(nextSteps)),
    table(['`next.waiting_for`', 'meaning'], wordsOf(waiters)),
    '`attention` says that a person should look, and why:\n',
    table(['`attention.reason`', 'meaning'], wordsOf(attentionReasons)),
    '## A transfer with a date\n',
    'The funds of a transfer with `execute_at` are held at once; the date is at most 90 days ahead. A transfer whose date',
    'passed more than a minute before the request is declined (`execute_at_passed`); a repeated request gets the same answer, however',
    'late it comes. Until the date comes the transfer can be cancelled. It is carried out even if an account is frozen meanwhile: frozen',
    'means nothing new. Neither its source nor its destination can be closed before it ends. When the date comes and its rail is down or',
    'paused, it waits for the rail.\n',
    '## How one leads to another\n',
    diagram(),
    'Not drawn: `contradicted`, which keeps an end as it is. A rail has said the opposite of what was proven, or accepted the',
    'transfer once more under another reference. The report is kept, the transfer gets attention, and what the rail says that it',
    'took is an entry from suspense to clearing, once for each reference.\n',
    '## Every step\n',
    table(['from', 'cause', 'to'], rows),
  ].join('\n');
}

const wordsOf = (words: Readonly<Record<string, string>>) =>
  Object.entries(words).map(([word, meaning]) => [`\`${word}\``, meaning]);

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
