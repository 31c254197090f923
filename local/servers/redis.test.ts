import { once } from 'node:events';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { afterAll, afterEach, expect, test } from '@jest/globals';
import { Redis } from 'ioredis';
import { unreachableReason } from '../../config/explain-error.ts';
import { startOwnRedis } from '../../test/support/harness/redis.ts';
import { redisAnswers } from './redis.ts';

const real = await startOwnRedis();
const testOnRedis = real ? test : test.skip;
const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});
afterAll(() => real?.kill());

const at = (login: string): string => `redis://${login}127.0.0.1:${real?.port}`;

testOnRedis('one that needs no login is usable, also with a login', async () => {
  expect([await redisAnswers(at('')), await redisAnswers(at(':hush@'))]).toEqual([true, true]);
});

testOnRedis(
  'one that needs a password accepts the right one, and an error names what is wrong with another',
  async () => {
    const owner = new Redis(at(''));
    await owner.config('SET', 'requirepass', 'a b"c');
    owner.disconnect();
    const answer = (login: string) => redisAnswers(at(login)).catch(unreachableReason);
    expect(await answer(`:${encodeURIComponent('a b"c')}@`)).toBe(true);
    expect(await answer('')).toBe('it needs a password, and none is given');
    for (const login of [':hush@', 'ada:hush@']) expect(await answer(login)).toBe('the password is wrong');
  },
);

test.each([
  ['HTTP/1.1 400 Bad Request\r\n\r\n', 'the server there is not a Redis'],
  [null, 'no answer in time'],
  ['', 'the connection was cut'],
])('an answer of %j cannot be used: %s', async (answer, words) => {
  expect(await redisAnswers(await redisThat(answer)).catch(unreachableReason)).toBe(words);
});

test('a port without a listener cannot be used', async () => {
  expect(await redisAnswers('redis://127.0.0.1:1').catch(unreachableReason)).toBe('connection refused');
});

/** A server that gives this answer to everything; null never answers, and an empty answer hangs up. */
async function redisThat(answer: string | null): Promise<string> {
  const server = createServer((socket) => {
    socket.on('error', () => {});
    socket.on('data', () => {
      if (answer === '') socket.destroy();
      else if (answer !== null) socket.write(answer);
    });
  }).listen(0, '127.0.0.1');
  servers.push(server);
  await once(server, 'listening');
  return `redis://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
