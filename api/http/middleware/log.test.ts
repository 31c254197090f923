import { expect, test } from '@jest/globals';
import pino from 'pino';
import { toPublic } from '../../../domain/ids.ts';
import { freshApi } from '../../../test/support/harness/api.ts';

const { accounts, another } = freshApi();

test('a line of the log has the ids that clients know, and where the request came from', async () => {
  const lines: Record<string, unknown>[] = [];
  const log = pino({ level: 'info' }, { write: (line: string) => void lines.push(JSON.parse(line)) });
  const one = await another({ tamper: (deps) => ({ ...deps, log }) });
  const { id } = (await one.call('/v1/me')).body;
  await one.call('/v1/me', { secret: 'qk_wrong' });
  const answered = lines.filter(({ msg }) => msg === 'answered');
  expect(answered).toEqual([
    expect.objectContaining({ status: 200, tenant: toPublic('tenant', accounts.tenantId), key: id, from: '127.0.0.1' }),
    expect.objectContaining({ status: 401, from: '127.0.0.1' }),
  ]);
});

test.each<[string, string[], string]>([
  ['behind a declared proxy: what the proxy says', ['127.0.0.0/8'], '203.0.113.9'],
  ['behind nobody that was declared: the connection', [], '127.0.0.1'],
])('%s', async (_, trustedProxies, from) => {
  const lines: Record<string, unknown>[] = [];
  const log = pino({ level: 'info' }, { write: (line: string) => void lines.push(JSON.parse(line)) });
  const one = await another({ tamper: (deps) => ({ ...deps, log, trustedProxies }) });
  await one.call('/v1/me', { headers: { 'x-forwarded-for': '198.51.100.1, 203.0.113.9' } });
  expect(lines.find(({ msg }) => msg === 'answered')).toMatchObject({ from });
});
