import { type AddressInfo, createServer, type Server } from 'node:net';
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { webhookUrlProblem } from '../../domain/webhook-url.ts';
import { createHttpClient } from '../../http-client/http-client.ts';
import { post } from './post.ts';
import { createGuardedLookup, type UrlRules, urlRules } from './url-guard.ts';

/** A socket in the internal network, on IPv4 and IPv6: a connection to it has bypassed the guard. */
let inside: Server[] = [];
let port = 0;
let connects = 0;
let lookedUp: string[] = [];

beforeAll(async () => {
  const first = await listen(0, '127.0.0.1');
  port = first.port;
  inside = [
    first.server,
    ...(await listen(port, '::1')
      .then(({ server }) => [server])
      .catch(() => [])),
  ];
});

beforeEach(() => {
  connects = 0;
  lookedUp = [];
});

afterAll(() => {
  for (const server of inside) server.close();
});

const names: Record<string, string[]> = {
  'inside.test': ['127.0.0.1'],
  'inside6.test': ['::1'],
  'mapped.test': ['::ffff:127.0.0.1'],
  'both.test': ['93.184.215.14', '127.0.0.1'],
  'both6.test': ['2606:4700::1111', '::1'],
  'metadata.test': ['169.254.169.254'],
  'zone.test': ['fe80::1%lo'],
  'unreadable.test': ['127.0.0.1/8'],
  'nowhere.test': [],
  localhost: ['127.0.0.1', '::1'],
  'localhost.': ['127.0.0.1'],
  'xn--localhst-n4a.test': ['127.0.0.1'],
};

const hosts = [
  ...['127.0.0.1', '127.0.0.2', '127.1', '127.0.1', '127.0.0.1.', '0x7f.1', '0x7f.0.0.1', '0X7F000001', '0177.0.0.1'],
  ...[
    '017700000001',
    '2130706433',
    '0.0.0.0',
    '0',
    '00',
    '１２７.0.0.1',
    '①②⑦.⓪.⓪.①',
    '127。0。0。1',
    '127%2e0%2e0%2e1',
  ],
  ...[
    '[::1]',
    '[::]',
    '[0:0:0:0:0:0:0:1]',
    '[::ffff:127.0.0.1]',
    '[::ffff:7f00:1]',
    '[::ffff:0:127.0.0.1]',
    '[::127.0.0.1]',
  ],
  ...[
    '[64:ff9b::7f00:1]',
    '[64:ff9b:1::7f00:1]',
    '[2002:7f00:1::]',
    '[2001::7f00:1]',
    '[fe80::1]',
    '[fec0::1]',
    '[fc00::1]',
  ],
  ...[
    '[fd00:ec2::254]',
    '[ff02::1]',
    '[100::1]',
    '[2001:db8::1]',
    '[5f00::1]',
    '[4000::1]',
    '[::ffff:169.254.169.254]',
  ],
  ...[
    '169.254.169.254',
    '169.254.170.2',
    '10.0.0.1',
    '172.16.0.1',
    '172.31.255.255',
    '192.168.0.1',
    '100.64.0.1',
    '224.0.0.1',
  ],
  ...[
    '255.255.255.255',
    '240.0.0.1',
    '192.0.0.170',
    '192.0.2.1',
    '198.18.0.1',
    '198.51.100.1',
    '203.0.113.5',
    '192.88.99.1',
  ],
  ...[
    'inside.test',
    'INSIDE.test',
    'inside6.test',
    'mapped.test',
    'both.test',
    'both6.test',
    'metadata.test',
    'zone.test',
  ],
  ...['unreadable.test', 'nowhere.test', 'localhost', 'LOCALHOST', 'localhost.', 'xn--localhst-n4a.test'],
  ...['user@127.0.0.1', 'good.example@inside.test', 'user:password@93.184.215.14'],
];

test.each(hosts)('https://%s is refused and nothing internal is connected to', async (host) => {
  await expectRefused(`https://${host}:${port}/notices`);
});

const texts = (at: number): string[] => [
  ...[
    '',
    ' ',
    'notices',
    '//127.0.0.1',
    'https://',
    'https:///',
    'https://[::1',
    'https://a b.test/',
    'https://%00.test/',
  ],
  ...['file:///etc/passwd', 'ftp://inside.test/', 'javascript:alert(1)', 'data:text/plain,x', `ws://127.0.0.1:${at}/`],
  ...[
    `gopher://127.0.0.1:${at}/_GET`,
    `http://127.0.0.1:${at}/`,
    `http://inside.test:${at}/`,
    `HTTP://inside.test:${at}/`,
  ],
  ...[
    `https://inside.test:${at}\r\nHost: 127.0.0.1/`,
    `https://inside.test:${at}\\@93.184.215.14/`,
    `https:127.0.0.1:${at}`,
  ],
  ...[
    'https://93.184.215.14:22/',
    'https://93.184.215.14:80/',
    'https://93.184.215.14:6379/',
    'https://93.184.215.14:0/',
  ],
];

test('other schemes, other ports and malformed URLs are refused', async () => {
  for (const text of texts(port)) await expectRefused(text);
});

test('a name that becomes private is refused from then on: each connection gets the address that was checked for it', async () => {
  const answers = [['93.184.215.14', '2606:4700::1111'], ['127.0.0.1']];
  const lookup = createGuardedLookup({ ...rulesHere(), resolve: () => Promise.resolve(answers.shift() ?? []) });
  const lookUp = () =>
    new Promise((resolve) => {
      lookup('rebinding.test', { all: true }, (error, found) => resolve(error?.message ?? found));
    });
  expect(await lookUp()).toEqual([
    { address: '93.184.215.14', family: 4 },
    { address: '2606:4700::1111', family: 6 },
  ]);
  expect(await lookUp()).toBe('the address is not public');
});

test('a connection goes to the address that was checked, without a second look-up', async () => {
  // Private addresses are allowed here, so that a connection is made.
  const answers = [['127.0.0.1'], ['10.255.255.1']];
  const rules = { ...rulesHere(), allowPrivate: true, resolve: () => Promise.resolve(answers.shift() ?? []) };
  await send(`http://once.example:${port}/`, rules);
  expect(connects).toBe(1);
  expect(answers).toHaveLength(1);
});

test('where private addresses are allowed, a name still leads to this machine only, and to no port of ours', async () => {
  const rulesOf = (address: string, ownPorts: number[] = []) => ({
    ...rulesHere(),
    ...{ allowPrivate: true, ownPorts, resolve: () => Promise.resolve([address]) },
  });
  for (const address of ['10.0.0.1', '172.18.0.3', '192.168.1.1', '169.254.169.254', 'fd00::1'])
    expect((await send(`http://inside.example:${port}/`, rulesOf(address))).error).toBe('the address is not public');
  for (const host of ['inside.example', '127.0.0.1', 'localhost'])
    expect((await send(`http://${host}:${port}/`, rulesOf('127.0.0.1', [port]))).error).toBe(
      'the URL must not use a port of this platform',
    );
  expect(connects).toBe(0);
  await send(`http://inside.example:${port}/`, rulesOf('127.0.0.1'));
  expect(connects).toBe(1);
});

test('an https URL on 443 or 8443 may be tried; on a laptop plain http and any port too', () => {
  const strict = urlRules({ allowPrivate: false });
  for (const url of [
    'https://example.com/a?b',
    'https://example.com:443/',
    'https://example.com:8443/',
    'https://8.8.8.8/',
  ]) {
    expect(webhookUrlProblem(url, strict)).toBeNull();
  }
  expect(webhookUrlProblem('https://example.com:444/', strict)).toMatch(/port/);
  expect(webhookUrlProblem('http://127.0.0.1:9/', urlRules({ allowPrivate: true }))).toBeNull();
  expect(webhookUrlProblem('file:///etc/passwd', urlRules({ allowPrivate: true }))).toMatch(/https/);
});

const rulesHere = (): UrlRules => ({
  allowPrivate: false,
  ports: [port],
  resolve: (name) => {
    lookedUp.push(name);
    return Promise.resolve(names[name.toLowerCase()] ?? []);
  },
});

async function expectRefused(url: string): Promise<void> {
  const { status, error } = await send(url, rulesHere());
  expect(status).toBeNull();
  // An error of the guard: it failed before a connection, not because of one.
  expect(error).toMatch(/^the (URL|port|address|name) /);
  expect(connects).toBe(0);
  expect(lookedUp.length).toBeLessThanOrEqual(1);
}

async function send(url: string, rules: UrlRules) {
  const client = createHttpClient({ connections: 1, keepAliveMs: 500, lookup: createGuardedLookup(rules) });
  const notice = { url, secrets: ['whsec_c2VjcmV0IHNlY3JldCBzZWNyZXQh'], noticeId: 'ev_1', body: '{}' };
  const limits = { timeoutMs: 1_000, answerBytesMax: 100 };
  const answer = await post(notice, { client, rules, limits, signal: new AbortController().signal });
  client.close();
  return answer;
}

function listen(at: number, host: string): Promise<{ server: Server; port: number }> {
  return new Promise((resolve, reject) => {
    const server = createServer((socket) => {
      connects += 1;
      socket.end('HTTP/1.1 204 No Content\r\nconnection: close\r\n\r\n');
    });
    server.once('error', reject);
    server.listen(at, host, () => resolve({ server, port: (server.address() as AddressInfo).port }));
  });
}
