import { once } from 'node:events';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { afterEach, expect, test } from '@jest/globals';
import { whyUnreachable } from './faults-in-words.ts';
import { redisAnswers } from './redis.ts';

const servers: Server[] = [];
const heard: string[] = [];
afterEach(() => {
  heard.length = 0;
  for (const server of servers.splice(0)) server.close();
});

test('one that takes the login and answers is good; the words of a login may hold anything', async () => {
  const url = new URL(await redisThat('+OK\r\n+OK\r\n+PONG\r\n'));
  [url.username, url.password, url.pathname] = ['ada', 'a b"\r\nc', '/5'];
  expect(await redisAnswers(url.href)).toBe(true);
  expect(heard.join('')).toBe(
    '*3\r\n$4\r\nAUTH\r\n$3\r\nada\r\n$7\r\na b"\r\nc\r\n*2\r\n$6\r\nSELECT\r\n$1\r\n5\r\n*1\r\n$4\r\nPING\r\n',
  );
});

test('one that wants no login is good with one', async () => {
  const answer = '-ERR AUTH <password> called without any password configured for the default user.\r\n+PONG\r\n';
  expect(await redisAnswers((await redisThat(answer)).replace('//', '//:hush@'))).toBe(true);
});

test.each([
  ['-NOAUTH Authentication required.\r\n', '', 'it wants a password, and none is given'],
  [
    '-WRONGPASS invalid username-password pair or user is disabled.\r\n-NOAUTH no\r\n',
    ':hush@',
    'the password is wrong',
  ],
  ['-ERR invalid password\r\n-NOAUTH no\r\n', ':hush@', 'the password is wrong'],
  ['-ERR unknown command\r\n', '', 'it answered "ERR unknown command"'],
  ['HTTP/1.1 400 Bad Request\r\n\r\n', '', 'what answers there is not a Redis'],
  [null, '', 'no answer in time'],
  ['', '', 'the connection was cut'],
])('an answer of %j (login "%s") cannot be used: %s', async (answer, login, words) => {
  const url = (await redisThat(answer)).replace('//', `//${login}`);
  expect(await redisAnswers(url).catch(whyUnreachable)).toBe(words);
});

/** Answers so to whatever comes; null never does, and an empty answer hangs up. */
async function redisThat(answer: string | null): Promise<string> {
  const server = createServer((socket) => {
    socket.on('error', () => {});
    socket.on('data', (piece) => {
      heard.push(piece.toString());
      if (answer === '') socket.destroy();
      else if (answer !== null) socket.write(answer);
    });
  }).listen(0, '127.0.0.1');
  servers.push(server);
  await once(server, 'listening');
  return `redis://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
