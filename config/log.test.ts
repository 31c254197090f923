import { expect, test } from '@jest/globals';
import { createLog } from './log.ts';

test('writes one JSON line with the program, and redacts what must not be in it', () => {
  const lines: string[] = [];
  const log = createLog('api', { log: { level: 'info' }, mode: 'test' }, { write: (line) => void lines.push(line) });
  log.info({ transfer: 'tr_1', headers: { authorization: 'Bearer qk_hush' }, err: { body: 'hush' } }, 'transfer made');
  expect(lines).toHaveLength(1);
  expect(JSON.parse(lines[0] ?? '')).toMatchObject({
    level: 'info',
    program: 'api',
    transfer: 'tr_1',
    msg: 'transfer made',
  });
  expect(lines[0]).not.toContain('hush');
});

test('has of an error where it was thrown, and nothing of its input', () => {
  const lines: string[] = [];
  const log = createLog('worker', { log: { level: 'info' }, mode: 'test' }, { write: (line) => void lines.push(line) });
  const ofTheDatabase = Object.assign(new Error('a check'), { code: '23514', detail: 'Failing row contains (hush)' });
  const wrapped = Object.assign(new Error('Failed query: hush', { cause: ofTheDatabase }), { query: 'select hush' });
  for (const err of [ofTheDatabase, wrapped, new Error('outside', { cause: ofTheDatabase }), 'hush'])
    log.error({ err });
  const fact = { type: 'Error', message: 'a check', code: '23514', stack: expect.any(String) };
  expect(lines.map((line) => JSON.parse(line).err)).toEqual([
    fact,
    fact,
    { type: 'Error', message: 'outside', stack: expect.any(String), cause: fact },
    { type: 'string', message: 'something that is not an Error was thrown' },
  ]);
  expect(lines.join('\n')).not.toContain('hush');
});
