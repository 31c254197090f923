import { expect, test } from '@jest/globals';
import { newWebhookEndpoint } from './schema.ts';
import { checkUrl } from './url.ts';

const isAllowed = (url: string, allowPrivate = false) => checkUrl(url, { allowPrivate }).ok;

test.each([
  'https://example.com/hooks',
  'https://example.com:8443/hooks?tenant=1',
  'https://93.184.216.34/',
  'https://[2606:2800:220:1:248:1893:25c8:1946]/',
])('%s is accepted', (url) => {
  expect(isAllowed(url)).toBe(true);
});

test.each([
  'http://example.com/',
  'https://ada:secret@example.com/',
  'https://example.com/#part',
  'https://example.com:6379/',
  'https://localhost/',
  'https://api.localhost/',
  'https://printer.local/',
  'https://intranet/',
  'https://127.0.0.1/',
  'https://127.1/',
  'https://0x7f.0.0.1/',
  'https://2130706433/',
  'https://0.0.0.0/',
  'https://10.1.2.3/',
  'https://172.16.0.1/',
  'https://192.168.1.1/',
  'https://169.254.169.254/latest/meta-data',
  'https://100.64.0.1/',
  'https://224.0.0.1/',
  'https://[::1]/',
  'https://[::ffff:127.0.0.1]/',
  'https://[fe80::1]/',
  'https://[fd00::1]/',
  'https://[64:ff9b::7f00:1]/',
  'https://[::127.0.0.1]/',
  'https://[::ffff:8.8.8.8]/',
  'https://[4000::1]/',
  'https://[5f00::1]/',
])('%s is refused', (url) => {
  expect(isAllowed(url)).toBe(false);
});

test('on a laptop a private address is accepted, but not a password in it', () => {
  expect(isAllowed('http://127.0.0.1:5000/hooks', true)).toBe(true);
  expect(isAllowed('http://ada:secret@127.0.0.1:5000/hooks', true)).toBe(false);
});

test('an address with a lone surrogate is refused by the schema', () => {
  expect(newWebhookEndpoint.safeParse({ url: 'https://example.com/\ud800' }).success).toBe(false);
  expect(newWebhookEndpoint.safeParse({ url: 'https://example.com/notices' }).success).toBe(true);
});
