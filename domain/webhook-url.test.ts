import { expect, test } from '@jest/globals';
import { isPublicAddress, webhookUrlProblem } from './webhook-url.ts';

test.each(['8.8.8.8', '1.1.1.1', '93.184.215.14', '172.32.0.1', '100.128.0.1', '2606:4700::1111', '2a00:1450::1'])(
  '%s is public',
  (address) => expect(isPublicAddress(address)).toBe(true),
);

test.each([
  ...[
    '127.0.0.1',
    '10.0.0.1',
    '172.31.255.255',
    '192.168.0.1',
    '169.254.169.254',
    '100.64.0.1',
    '0.0.0.0',
    '224.0.0.1',
  ],
  ...['192.0.2.1', '198.18.0.1', '198.51.100.1', '203.0.113.5', '240.0.0.1', '255.255.255.255'],
  ...[
    '::',
    '::1',
    '::127.0.0.1',
    '::ffff:127.0.0.1',
    '::ffff:8.8.8.8',
    '64:ff9b::7f00:1',
    '2002:7f00:1::',
    '2001::7f00:1',
  ],
  ...['fe80::1', 'fe80::1%lo', 'fec0::1', 'fd00::1', 'ff02::1', '100::1', '2001:db8::1', '4000::1', '5f00::1'],
  ...['', 'example.com', '127.0.0.1/8', '8.8.8.8.8', ' 8.8.8.8'],
])('%j is not', (text) => {
  expect(isPublicAddress(text)).toBe(false);
});

test.each<[url: string, problem: string | null, onLaptop: string | null]>([
  ['https://example.com/notices?a=1', null, null],
  ['https://example.com:443/', null, null],
  ['https://example.com:8443/', null, null],
  ['https://8.8.8.8/', null, null],
  ['https://[2606:4700::1111]/', null, null],
  ['notices', 'must be a URL', 'must be a URL'],
  ['ftp://example.com/', 'must be https', 'must be https'],
  ['http://example.com/', 'must be https', null],
  ['https://ada:hush@example.com/', 'must not have a user or a password', 'must not have a user or a password'],
  ['https://ada@example.com/', 'must not have a user or a password', 'must not have a user or a password'],
  ['https://example.com/#part', 'must not have a fragment', 'must not have a fragment'],
  ['https://example.com:444/', 'must use port 443 or 8443', null],
  ['https://127.0.0.1/', 'must be a public address', null],
  [
    'https://0x7f.1/',
    'must be a public address',
    'must be written as it is sent, encoded and without white space or dots to resolve: https://127.0.0.1/',
  ],
  ['https://[::1]/', 'must be a public address', null],
  ['https://intranet/', 'must be a public name', 'must be a public name'],
  ['https://localhost/', 'must be a public name', null],
  ['https://api.localhost./', 'must be a public name', 'must be a public name'],
  ['https://printer.local/', 'must be a public name', 'must be a public name'],
  ['https://metadata.internal/', 'must be a public name', 'must be a public name'],
  ['https://notlocal.example/', null, null],
  ['https://mylocal/', 'must be a public name', 'must be a public name'],
  ['https://a.mylocal/', 'must be a public name', 'must be a public name'],
])('%s: %s; on a laptop: %s', (url, problem, onLaptop) => {
  expect(webhookUrlProblem(url, { allowPrivate: false })).toBe(problem);
  expect(webhookUrlProblem(url, { allowPrivate: true })).toBe(onLaptop);
});

test.each([
  'https://redis./',
  'https://printer.lan/',
  'https://nas.home.arpa/',
  'https://wiki.corp/',
  'https://kubernetes.default.svc/',
  'https://inside.test/',
  'https://db.internal./',
])('%s cannot be public', (url) => {
  expect(webhookUrlProblem(url, { allowPrivate: false })).toBe('must be a public name');
});

test.each([
  'http://10.0.0.1/',
  'http://172.18.0.3:8080/',
  'http://192.168.1.1/',
  'http://169.254.169.254/latest/meta-data',
  'http://0.0.0.0:5000/',
  'http://[fd00::1]/',
  'http://redis:6379/',
  'http://simulator/control/reset',
])('on a laptop too, %s is refused', (url) => {
  expect(webhookUrlProblem(url, { allowPrivate: true })).toMatch(/^must be a public (address|name)$/);
});

test.each([
  'http://127.0.0.1:5000/a',
  'http://127.8.9.1/',
  'http://[::1]:5000/',
  'http://localhost:5000/',
  'http://host.docker.internal:5000/',
])('on a laptop %s is accepted, except for the ports of the platform', (url) => {
  expect(webhookUrlProblem(url, { allowPrivate: true, ownPorts: [23_008] })).toBeNull();
  const port = new URL(url).port || '80';
  expect(webhookUrlProblem(url, { allowPrivate: true, ownPorts: [Number(port)] })).toBe(
    'must not use a port of this platform',
  );
});

test.each([
  'https://example.com',
  'https://example.com?a=1',
  'HTTPS://Example.COM/A',
  'https://example.com:443/a',
  'https://example.com/%C3%A9?q=%20',
  'https://xn--bcher-kva.example/a',
])('%s is as good as its normal form', (url) => {
  expect(webhookUrlProblem(url, { allowPrivate: false })).toBeNull();
});

test.each([
  ['https://exa\tmple.com/', 'https://example.com/'],
  [' https://example.com/', 'https://example.com/'],
  ['https://example.com/a\n', 'https://example.com/a'],
  ['https:///example.com/', 'https://example.com/'],
  ['https:/example.com/', 'https://example.com/'],
  ['https:example.com/', 'https://example.com/'],
  ['https:\\\\example.com\\a', 'https://example.com/a'],
  ['https://example.com/a/../b', 'https://example.com/b'],
  ['https://example.com/./a', 'https://example.com/a'],
  ['https://example.com/%2e%2e/a', 'https://example.com/a'],
  ['https://example.com/a b', 'https://example.com/a%20b'],
  ['https://example.com/é', 'https://example.com/%C3%A9'],
  ['https://bücher.example/', 'https://xn--bcher-kva.example/'],
  ['https://ex%61mple.com/', 'https://example.com/'],
  ['https://0x8.8.8.8/', 'https://8.8.8.8/'],
  ['https://example.com:0443/', 'https://example.com/'],
  ['https://example.com:/', 'https://example.com/'],
])('%j is not repaired in silence: it is %s', (url, normal) => {
  expect(webhookUrlProblem(url, { allowPrivate: false })).toBe(
    `must be written as it is sent, encoded and without white space or dots to resolve: ${normal}`,
  );
});

test('the length is that of what is stored', () => {
  const problem = 'must have at most 2048 characters, after encoding';
  const at = (path: string) => webhookUrlProblem(`https://example.com/${path}`, { allowPrivate: false });
  expect(at('é'.repeat(600))).toBe(problem);
  expect(at('a'.repeat(2_028))).toBeNull();
  expect(at('a'.repeat(2_029))).toBe(problem);
  expect(webhookUrlProblem(`https://example.com?${'a'.repeat(2_028)}`, { allowPrivate: false })).toBe(problem);
});
