import { expect, test } from '@jest/globals';
import { checkFilename, checkKey, checkPrefix } from './key.ts';

const tenant = 'tn_01kb3hqg2nf2m8yxk1t0c9r4ws';
const account = 'ac_01kb3hqg2nf2m8yxk1t0c9r4wt';

test.each([`${tenant}/${account}/2026-10-3-1.pdf`, `${tenant}/2026-10-3-1.p2.pdf`, '17.json', '2026-10-31-7.json.gz'])(
  'a key of ids and numbers is taken: %s',
  (key) => expect(() => checkKey(key)).not.toThrow(),
);

test.each([
  ['a name', `${tenant}/ada-lovelace.pdf`],
  ['a name in a folder', `${tenant}/Ada Lovelace/1.pdf`],
  ['an e-mail address', `${tenant}/ada@example.com.pdf`],
  ['the number of a card', `${tenant}/4111111111111111.pdf`],
  ['an IBAN', `${tenant}/pl61109010140000071219812874.pdf`],
  ['an id of another form', 'tn_acme/1.pdf'],
  ['no extension', `${tenant}/1`],
  ['a way out of its folder', `${tenant}/../1.pdf`],
  ['a beginning slash', `/${tenant}/1.pdf`],
  ['an empty folder', `${tenant}//1.pdf`],
  ['a backslash', `${tenant}\\1.pdf`],
  ['a line break', `${tenant}/1.pdf\n`],
  ['nothing', ''],
])('a key with %s is a bug', (_, key) => {
  expect(() => checkKey(key)).toThrow('an object key is ids and numbers');
});

test.each([
  ['Ada Lovelace', checkPrefix, 'a prefix is'],
  ['a"; x="b', checkFilename, 'a file name is'],
  ['../a', checkFilename, 'a file name is'],
  ['a\r\nX: b', checkFilename, 'a file name is'],
])('%j is no part of a request', (text, checkText, sentence) => {
  expect(() => checkText(text)).toThrow(sentence);
});
