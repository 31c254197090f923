import { expect, test } from '@jest/globals';
import { fromPublic, toPublic } from './ids.ts';

/**
 * The examples of the TypeID specification, version 0.3 (github.com/jetify-com/typeid, spec/valid.json and invalid.json).
 * Its examples have the prefix `prefix`, none, or one with an underscore. Ours are two letters (ids.test.ts): here each
 * example has the prefix of a transfer, with the same defect where the prefix is its subject.
 */
test.each([
  ['nil', '00000000000000000000000000', '00000000-0000-0000-0000-000000000000'],
  ['one', '00000000000000000000000001', '00000000-0000-0000-0000-000000000001'],
  ['ten', '0000000000000000000000000a', '00000000-0000-0000-0000-00000000000a'],
  ['sixteen', '0000000000000000000000000g', '00000000-0000-0000-0000-000000000010'],
  ['thirty-two', '00000000000000000000000010', '00000000-0000-0000-0000-000000000020'],
  ['max-valid', '7zzzzzzzzzzzzzzzzzzzzzzzzz', 'ffffffff-ffff-ffff-ffff-ffffffffffff'],
  ['valid-alphabet', '0123456789abcdefghjkmnpqrs', '0110c853-1d09-52d8-d73e-1194e95b5f19'],
  ['valid-uuidv7', '01h455vb4pex5vsknk084sn02q', '01890a5d-ac96-774b-bcce-b302099a8057'],
])('%s: %s is the UUID %s, both ways', (_, suffix, uuid) => {
  expect(toPublic('transfer', uuid)).toBe(`tr_${suffix}`);
  expect(fromPublic('transfer', `tr_${suffix}`)).toBe(uuid);
});

test.each([
  ['prefix-uppercase', 'TR_00000000000000000000000000'],
  ['prefix-numeric', '12_00000000000000000000000000'],
  ['prefix-period', 't.r_00000000000000000000000000'],
  ['prefix-non-ascii', 'tŕ_00000000000000000000000000'],
  ['prefix-spaces', '  tr_00000000000000000000000000'],
  ['prefix-64-chars', `${'tr'.repeat(32)}_00000000000000000000000000`],
  ['separator-empty-prefix', '_00000000000000000000000000'],
  ['separator-empty', '_'],
  ['suffix-short', 'tr_1234567890123456789012345'],
  ['suffix-long', 'tr_123456789012345678901234567'],
  ['suffix-spaces', 'tr_1234567890123456789012345 '],
  ['suffix-uppercase', 'tr_0123456789ABCDEFGHJKMNPQRS'],
  ['suffix-hyphens', 'tr_123456789-123456789-123456'],
  ['suffix-wrong-alphabet', 'tr_ooooooiiiiiiuuuuuuulllllll'],
  ['suffix-ambiguous-crockford', 'tr_i23456789ol23456789oi23456'],
  ['suffix-hyphens-crockford', 'tr_123456789-0123456789-0123456'],
  ['suffix-overflow', 'tr_8zzzzzzzzzzzzzzzzzzzzzzzzz'],
  ['prefix-underscore-start', '_tr_00000000000000000000000000'],
  ['prefix-underscore-end', 'tr__00000000000000000000000000'],
])('%s: %j is no id', (_, text) => {
  expect(fromPublic('transfer', text)).toBeNull();
});
