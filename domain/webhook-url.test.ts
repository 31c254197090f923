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
  ['https://0x7f.1/', 'must be a public address', null],
  ['https://[::1]/', 'must be a public address', null],
  ['https://intranet/', 'must be a public name', null],
  ['https://localhost/', 'must be a public name', null],
  ['https://api.localhost./', 'must be a public name', null],
  ['https://printer.local/', 'must be a public name', null],
  ['https://metadata.internal/', 'must be a public name', null],
  ['https://notlocal.example/', null, null],
  ['https://mylocal/', 'must be a public name', null],
  ['https://a.mylocal/', 'must be a public name', null],
])('%s: %s; on a laptop: %s', (url, problem, onLaptop) => {
  expect(webhookUrlProblem(url, { allowPrivate: false })).toBe(problem);
  expect(webhookUrlProblem(url, { allowPrivate: true })).toBe(onLaptop);
});
