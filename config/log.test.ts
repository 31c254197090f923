import { expect, test } from '@jest/globals';
import { createLog } from './log.ts';

test('writes one JSON line with the program, and strikes out what must not be there', () => {
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
