import { expect, test } from '@jest/globals';
import { drizzle } from 'drizzle-orm/node-postgres';
import type { Reader } from '../../drizzle/client.ts';
import { createStandbyReader } from './reader.ts';

const tenant = 'a';
const never = () => new Promise<never>(() => {});
const fails = (fault: Error) => (): Promise<never> => Promise.reject(fault);
const primary: Reader = { read: (_, query) => query(drizzle.mock()), readAll: (query) => query(drizzle.mock()) };
const withCode = (code: string) => Object.assign(new Error('of a server'), { code });

test.each([
  ['does not answer', never, 'slow', 0],
  ['conflicts with its replay', fails(withCode('40001')), 'failed', 0],
  ['ended a slow statement', fails(withCode('57014')), 'failed', 0],
  ['is stopped', fails(withCode('57P01')), 'failed', 1],
  ['refuses connections', fails(withCode('ECONNREFUSED')), 'failed', 1],
  ['cuts the connection', fails(new Error('Connection terminated unexpectedly')), 'failed', 1],
] as const)(
  'a standby that %s costs an answer one bounded wait, and the primary answers',
  async (_, read, reason, gone) => {
    const counted: string[] = [];
    let timesGone = 0;
    const watch = {
      needed: () => 1n,
      state: () => 'ok' as const,
      isGone: () => {
        timesGone += 1;
      },
      end: () => {},
    };
    let reads = 0;
    const count = () => {
      reads += 1;
      return read();
    };
    const standby: Reader = { read: count, readAll: count };
    const lagging = createStandbyReader({
      primary,
      standby,
      watch,
      count: (...words) => counted.push(words.join(' ')),
      waitMs: 10,
    });
    const reader = lagging(new Map());
    for (let n = 0; n < 2; n += 1) expect(await reader.read(tenant, async () => 'rows')).toBe('rows');
    // The second read of an answer does not wait again.
    expect([counted, timesGone, reads]).toEqual([[`primary ${reason}`, `primary ${reason}`], gone, 1]);
  },
);
