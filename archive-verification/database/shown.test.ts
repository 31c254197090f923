import { expect, test } from '@jest/globals';
import { toPublic } from '../../domain/ids.ts';
import { isShownOf } from './shown.ts';

const uuid = '01890a5d-ac96-774b-bcce-b302099a8057';
const other = '01890a5d-ac96-774b-bcce-b302099a8058';
const id = toPublic('account', uuid);

test.each<[string, unknown, unknown, boolean]>([
  ['some members', { a: 1 }, { a: 1, b: 'x' }, true],
  ['nothing of it', {}, { b: 'x' }, true],
  ['members inside', { next: { what: 'send' } }, { next: { what: 'send', at: 'x' } }, true],
  ['a member that is not there', { a: 1 }, { b: 1 }, false],
  ['another value', { a: 1 }, { a: 2 }, false],
  ['an id in its public form', { account_id: id }, { account_id: uuid }, true],
  ['another id', { account_id: id }, { account_id: other }, false],
  ['who did it', `api_key:${toPublic('apiKey', uuid)}`, `api_key:${uuid}`, true],
  ['a list of ids', [id], [uuid], true],
  ['a shorter list', [id], [uuid, other], false],
  ['an amount as text', '500', 500, true],
  ['another amount', '500', 501, false],
  ['a number for a text', 500, '500', false],
  ['what is not shown', null, 'x', true],
])('%s', (_, shown, value, isShown) => {
  expect(isShownOf(shown, value)).toBe(isShown);
});
