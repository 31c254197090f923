import { createHash } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { Bug, check } from '../domain/check.ts';
import { postingsPerPart, type StatementFacts, type StatementPosting } from '../domain/statement.ts';
import { aStatement, ordinary, steadyId } from '../test/support/fixtures/statement-documents.ts';
import { buildDocument, buildManifest } from './document.ts';
import { parseDocument } from './schema.ts';

const hashOf = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
const textOf = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);
const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);

test('the first form of a document, to the byte: statements of years have it', () => {
  const posting = { amount: -1_200n, text: 'Rent', counterparty: 'Grace "G." Hopper', reference: 'ü' };
  const { facts, postings } = aStatement([posting], {
    brand: { name: 'B', address: ['1'], inquiry: '2', accent: '#000000' },
  });
  const { bytes, sha256 } = buildDocument(facts, postings);
  expect(textOf(bytes)).toBe(
    '{"account":{"currency":"EUR","exponent":2,"id":"ac_01h455vb4pex5vskg000000003","name":"Ada Lovelace","reference":"customer 1815"},' +
      '"brand":{"accent":"#000000","address":["1"],"inquiry":"2","name":"B"},"closing":"123800","edition":1,"from":"2026-11-01T00:00:00.000+01:00",' +
      '"from_seq":"11","held":"0","id":"st_01h455vb4pex5vskg000000001","issued_at":"2026-12-01T00:15:02.310+01:00","kind":"monthly",' +
      '"late":{"amount":"0","count":0},"locale":"en-GB","money_in":{"amount":"0","count":0},"money_out":{"amount":"1200","count":1},' +
      '"month":"2026-11","number":11,"opening":"125000","postings":[["12","2026-11-01T08:14:05.120+01:00","2026-11-01T08:14:05.120+01:00",' +
      '"-1200","123800","Rent","Grace \\"G.\\" Hopper","ü","tr_01h455vb4pex5vskg000000034","en_01h455vb4pex5vskg000000035",null,false]],' +
      '"to":"2026-12-01T00:00:00.000+01:00","to_seq":"12","v":1,"zone":"Europe/Berlin"}',
  );
  expect(sha256).toBe(hashOf(bytes));
});

test('what was built is read again, and equal facts make equal bytes in whatever sequence their members stand', () => {
  const { facts, postings } = aStatement(ordinary(40));
  const turned = Object.fromEntries(Object.entries(facts).toReversed());
  const { bytes } = buildDocument(facts, postings);
  expect(buildDocument({ ...facts, ...turned }, postings).bytes).toEqual(bytes);
  const document = parseDocument(bytes);
  expect(document).toMatchObject({ opening: '125000', from_seq: '11', to_seq: '51', account: { exponent: 2 } });
  expect('postings' in document && document.postings).toHaveLength(40);
});

describe('a statement that does not add up is never frozen', () => {
  const { facts, postings } = aStatement(ordinary(7).map((draft, i) => ({ ...draft, isLate: i === 2 })));
  const { opening, closing, moneyIn, moneyOut, late, fromSeq, toSeq } = facts;
  const inBy = (amount: bigint) => ({ ...moneyIn, amount: moneyIn.amount + amount });
  const outBy = (amount: bigint) => ({ ...moneyOut, amount: moneyOut.amount + amount });

  test('and this one adds up', () => {
    expect(() => buildDocument(facts, postings)).not.toThrow();
  });

  test.each<[string, Partial<StatementFacts>]>([
    ['the opening balance', { opening: opening + 1n }],
    ['the closing balance', { closing: closing - 1n }],
    ['opening and closing alike', { opening: opening + 1n, closing: closing + 1n }],
    ['money in', { moneyIn: inBy(1n) }],
    ['money in and out alike', { moneyIn: inBy(1n), moneyOut: outBy(1n) }],
    ['a posting counted on the other side', { moneyIn: { ...moneyIn, count: 1 }, moneyOut: { ...moneyOut, count: 6 } }],
    ['the sign of money out', { moneyOut: { ...moneyOut, amount: -moneyOut.amount } }],
    ['the count of late ones', { late: { ...late, count: 2 } }],
    ['the sum of late ones', { late: { ...late, amount: late.amount + 1n } }],
    ['a longer range', { toSeq: toSeq + 1n }],
    ['another range', { fromSeq: fromSeq + 1n, toSeq: toSeq + 1n }],
    ['a currency that is none', { account: { ...facts.account, currency: 'XXX' } }],
  ])('%s', (_, changes) => {
    expect(() => buildDocument({ ...facts, ...changes }, postings)).toThrow(Bug);
  });

  const [one, two, ...rest] = postings;
  check(one && two, 'there are seven');
  test.each<[string, StatementPosting[]]>([
    ['a posting too few', postings.slice(1)],
    ['a posting too many', [...postings, one]],
    ['a posting twice', [one, one, ...rest]],
    ['two postings exchanged', [two, one, ...rest]],
    ['another amount', [{ ...one, amount: one.amount + 1n }, two, ...rest]],
    ['another balance', [{ ...one, balanceAfter: one.balanceAfter + 1n }, two, ...rest]],
    ['another number', [{ ...one, seq: one.seq + 100n }, two, ...rest]],
  ])('%s', (_, others) => {
    expect(() => buildDocument(facts, others)).toThrow(Bug);
  });

  test('whatever the postings are, and whichever figure is changed', () => {
    const amounts = fc.array(
      fc.bigInt({ min: -(10n ** 15n), max: 10n ** 15n }).filter((amount) => amount !== 0n),
      { maxLength: 30 },
    );
    const figure = fc.constantFrom('opening', 'closing', 'fromSeq', 'toSeq');
    fc.assert(
      fc.property(amounts, figure, fc.constantFrom(-1n, 1n), (all, name, by) => {
        const made = aStatement(all.map((amount) => ({ amount })));
        const { bytes } = buildDocument(made.facts, made.postings);
        expect(hashOf(bytes)).toBe(buildDocument(made.facts, made.postings).sha256);
        expect(() => buildDocument({ ...made.facts, [name]: made.facts[name] + by }, made.postings)).toThrow(Bug);
      }),
    );
  });
});

describe('bytes that are no document of ours', () => {
  const { facts, postings } = aStatement(ordinary(2));
  const text = textOf(buildDocument(facts, postings).bytes);
  test.each([
    ['no JSON', '{'],
    ['another thing', '{"v":1}'],
    ['a list', '[]'],
    ['a member more', text.replace('{"account"', '{"aa":1,"account"')],
    ['a member less', text.replace('"held":"0",', '')],
    ['a number for an amount', text.replace('"held":"0"', '"held":0')],
    ['white space', ` ${text}`],
    ['a member twice', text.replace('"held":"0"', '"held":"0","held":"0"')],
    ['another escape', text.replace('Ada', '\\u0041da')],
    ['another version', text.replace('"v":1', '"v":2')],
    ['no locale of ours', text.replace('en-GB', 'en-NZ')],
  ])('%s', (_, wrong) => {
    expect(wrong).not.toBe(text);
    expect(() => parseDocument(bytesOf(wrong))).toThrow();
  });
});

describe('a long statement', () => {
  const { facts, postings } = aStatement(Array.from({ length: postingsPerPart + 3 }, () => ({ amount: 7n })));
  const middle = facts.opening + 7n * BigInt(postingsPerPart);
  const [one, two] = [postings.slice(0, postingsPerPart), postings.slice(postingsPerPart)];
  const parts = [
    { n: 1, of: 2, opening: facts.opening, closing: middle },
    { n: 2, of: 2, opening: middle, closing: facts.closing },
  ] as const;
  const rows = [
    { ...parts[0], sha256: 'a'.repeat(64), postings: 5_000, fromSeq: facts.fromSeq, toSeq: facts.fromSeq + 5_000n },
    { ...parts[1], sha256: 'b'.repeat(64), postings: 3, fromSeq: facts.fromSeq + 5_000n, toSeq: facts.toSeq },
  ] as const;

  test('is no single document', () => {
    expect(() => buildDocument(facts, postings)).toThrow(Bug);
  });

  test('is parts that say where they stand, and a manifest that names them', () => {
    const last = parseDocument(buildDocument(facts, two, parts[1]).bytes);
    expect(last).toMatchObject({ part: { n: 2, of: 2, opening: String(middle) }, closing: String(facts.closing) });
    const manifest = parseDocument(buildManifest(facts, rows).bytes);
    expect(manifest).toMatchObject({
      parts: [
        { n: 1, postings: 5_000 },
        { n: 2, from_seq: rows[1].fromSeq.toString() },
      ],
    });
  });

  test.each<[string, () => unknown]>([
    ['the postings of another part', () => buildDocument(facts, one, parts[1])],
    ['a part too many', () => buildDocument(facts, two, { ...parts[1], of: 3 })],
    ['another opening balance of the first', () => buildDocument(facts, one, { ...parts[0], opening: 0n })],
    ['another closing balance of the last', () => buildDocument(facts, two, { ...parts[1], closing: 0n })],
    ['a manifest with a part less', () => buildManifest(facts, rows.slice(1))],
    ['a manifest with parts exchanged', () => buildManifest(facts, rows.toReversed())],
    ['a manifest with a gap of money', () => buildManifest(facts, [rows[0], { ...rows[1], opening: middle + 1n }])],
    ['a manifest with a gap of numbers', () => buildManifest(facts, [rows[0], { ...rows[1], fromSeq: 0n }])],
    ['a manifest that ends early', () => buildManifest(facts, [rows[0], { ...rows[1], closing: 0n }])],
    ['a manifest of a short one', () => buildManifest(aStatement(ordinary(2)).facts, rows)],
  ])('is a bug with %s', (_, build) => {
    expect(build).toThrow(Bug);
  });
});

test('ids are those that clients see', () => {
  const { facts, postings } = aStatement([{ amount: 1n, reverses: steadyId(9), transferId: null }]);
  expect(textOf(buildDocument(facts, postings).bytes)).toContain(
    'null,"en_01h455vb4pex5vskg000000035","en_01h455vb4pex5vskg000000009"',
  );
});
