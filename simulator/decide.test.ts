import { expect, test } from '@jest/globals';
import { decide } from './decide.ts';
import type { Instruction, JournalEvent } from './journal-events.ts';
import { apply, type BankState, createState } from './state.ts';

const anInstruction = (account: string, changes: Partial<Instruction> = {}): Instruction => ({
  rail_key: 'KEY1',
  amount: '1250',
  currency: 'USD',
  destination: { routing_number: '021000021', account_number: account, name: 'Ada' },
  ...changes,
});

/** A bank without a disk: decides, applies, and keeps the events that a journal would have. */
function aBank(): {
  state: BankState;
  events: JournalEvent[];
  send(instruction: Instruction): string;
  pass(hours: number): void;
} {
  const state = createState();
  const events: JournalEvent[] = [];
  const keep = (event: JournalEvent): void => {
    events.push(event);
    apply(state, event);
  };
  return {
    state,
    events,
    send: (instruction) => {
      const { event, answer, delivery } = decide(state, instruction);
      keep(event);
      return `${delivery.kind} ${answer?.status ?? '-'} ${answer?.body['code'] ?? '-'}`;
    },
    pass: (hours) => keep({ kind: 'clock', now: new Date(state.now + hours * 3_600_000).toISOString() }),
  };
}

const settled = 'plain 200 ACSC';

test.each([
  ['123456789', [settled, settled]],
  ['772000400', ['plain 200 AC06', 'plain 200 AC06']],
  ['772000900', ['plain 200 DUPL', 'plain 200 DUPL']],
  ['773000100', ['reset - -', 'reset - -', 'reset - -']],
  ['773000101', ['reset - -', settled]],
  ['773000202', ['close - -', 'close - -', settled]],
  ['773000301', ['plain 503 not_taken', settled, settled]],
  ['773000300', ['plain 503 not_taken', 'plain 503 not_taken']],
  ['773000402', ['plain 429 rate_limited', 'plain 429 rate_limited', settled]],
  ['773000400', [settled]],
  ['773000500', ['plain 500 server_error', settled]],
  ['773000603', ['hang 200 ACSC', settled]],
  ['773000703', ['hang - -', settled]],
  ['773000800', ['cut 200 ACSC', settled]],
  ['773000801', ['not_json 200 ACSC', settled]],
  ['773000803', ['oversize 200 ACSC', settled]],
  ['773000900', ['plain 202 PDNG', settled]],
  ['773001003', ['drip 200 ACSC', settled]],
  ['773001100', ['exit 200 ACSC', settled]],
  ['773001200', ['plain 409 key_conflict', settled]],
])('account %s, sent again under one key, is answered %j', (account, summaries) => {
  const bank = aBank();
  expect(summaries.map(() => bank.send(anInstruction(account)))).toEqual(summaries);
  expect(bank.state.taken.length).toBe(summaries.some((text) => !/^(reset|close|plain 503)/.test(text)) ? 1 : 0);
});

test('a restart between any two requests changes nothing', () => {
  for (const account of ['773000202', '773000402', '773000703', '773001100', '773001300', '772000900']) {
    const bank = aBank();
    for (let times = 0; times < 4; times += 1) {
      const restarted = createState();
      for (const event of bank.events) apply(restarted, event);
      expect(restarted).toEqual(bank.state);
      expect(decide(restarted, anInstruction(account))).toEqual(decide(bank.state, anInstruction(account)));
      bank.send(anInstruction(account));
    }
  }
});

test('the same key with another body is a conflict that names the one in the books', () => {
  const bank = aBank();
  bank.send(anInstruction('1'));
  const { answer } = decide(bank.state, anInstruction('1', { amount: '1251' }));
  expect(answer?.status).toBe(409);
  expect(answer?.body['rail_reference']).toBe(bank.state.taken[0]?.reference);
  expect(bank.send(anInstruction('2'))).toBe('plain 409 key_conflict');
  expect(bank.state.taken).toHaveLength(1);
});

test('another key with the same business content moves money again', () => {
  const bank = aBank();
  bank.send(anInstruction('1'));
  bank.send(anInstruction('1', { rail_key: 'KEY2' }));
  expect(bank.state.totals.acceptedAmount.get('USD')).toBe(2_500n);
});

test('code 013 forgets its key after virtual hours, and only then', () => {
  const bank = aBank();
  bank.send(anInstruction('773001302'));
  bank.pass(1);
  expect(bank.send(anInstruction('773001302'))).toBe(settled);
  expect(bank.state.taken).toHaveLength(1);
  bank.pass(1);
  expect(bank.send(anInstruction('773001302'))).toBe(settled);
  expect(new Set(bank.state.taken.map(({ reference }) => reference)).size).toBe(2);
});

test('the books count every request that brought a key', () => {
  const bank = aBank();
  for (let times = 0; times < 5; times += 1) bank.send(anInstruction('773000402'));
  expect(bank.state.taken[0]?.timesReceived).toBe(5);
  expect(bank.state.requestsBeforeTaking.size).toBe(0);
});
