import { archive } from './archive.ts';
import { balances } from './balances.ts';
import { clientHolds } from './client-holds.ts';
import { entries } from './entries.ts';
import { farAhead } from './far-ahead.ts';
import { guards } from './guards.ts';
import { kept } from './kept.ts';
import type { Plant } from './plant.ts';
import { publications } from './publications.ts';
import { rails } from './rails.ts';
import { records } from './records.ts';
import { statements } from './statements.ts';
import { transfers } from './transfers.ts';
import { truth } from './truth.ts';

/** What ledger/verify/verify.test.ts plants, into a book with a transfer in every state. */
export const inEveryState: readonly Plant[] = [
  ...balances,
  ...entries,
  ...transfers,
  ...records,
  ...rails,
  ...statements,
  ...farAhead,
];

/** Every fault that a test plants, and the check that must find it. docs/verify.md lists them. */
export const plants: readonly { name: string; check: string }[] = [
  ...[...inEveryState, ...clientHolds, ...archive, ...publications, ...kept, ...guards].map(([name, check]) => ({
    name,
    check,
  })),
  ...truth.flatMap(([name, found]) => found.map((check) => ({ name, check }))),
];
