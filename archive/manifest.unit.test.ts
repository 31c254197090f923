import { expect, test } from '@jest/globals';
import { countsOf, isSameContent, manifestText, type SegmentContent, type SegmentFacts } from './manifest.ts';
import { objectKeysOf } from './object-keys.ts';

const facts: SegmentFacts = {
  ...{ origin: 'quittance.test/archive', epoch: 2, n: 12, fromXid: '731', toXid: '90071992547409930' },
  ...{ begunAt: '2026-10-01T10:00:00.000Z', previous: { n: 11, sha256: 'ab' }, tree: { size: 4 } },
  abandoned: { fromN: 9, toN: 10, checkpoint: 'a/1\n9\n"signers":["x"],"software":"y",\n' },
};
const content: SegmentContent = {
  types: { entry: 3, act: 1 },
  segment: { key: '2-00000012.jsonl.gz', sha256: 'cd', content_sha256: 'ef', bytes: 100 },
  slices: { key: '2-00000012.slices', sha256: '01', count: 2, root: '02' },
  signers: ['quittance+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW'],
  software: 'quittance 0.1.0',
};

test('a manifest is canonical and says what a segment is', () => {
  const text = manifestText(facts, content);
  expect(text.startsWith('{"abandoned":{"checkpoint":')).toBe(true);
  expect(JSON.parse(text)).toEqual({
    ...{ v: 1, origin: 'quittance.test/archive', epoch: 2, n: 12, tree_size: 5, prev: { n: 11, sha256: 'ab' } },
    ...{ from_xid: '731', to_xid: '90071992547409930', begun_at: '2026-10-01T10:00:00.000Z', records: 4 },
    ...{ ...content, abandoned: { from_n: 9, to_n: 10, checkpoint: facts.abandoned?.checkpoint } },
  });
});

test('one without records has no segment', () => {
  const text = manifestText({ ...facts, abandoned: null }, { ...content, types: {}, segment: null, slices: null });
  expect(JSON.parse(text)).toMatchObject({ records: 0, types: {}, segment: null, slices: null, abandoned: null });
});

const text = manifestText(facts, content);

test.each<[string, Partial<SegmentFacts>, Partial<SegmentContent>, boolean]>([
  ['another release', {}, { software: 'quittance "0.2\\' }, true],
  ['another key', {}, { signers: [...content.signers, 'quittance+00000000+AAAA'] }, true],
  ['another range', { toXid: '90071992547409931' }, {}, false],
  ['another beginning', { begunAt: '2026-10-01T10:00:00.001Z' }, {}, false],
  ['another place in the tree', { tree: { size: 5 } }, {}, false],
  ['another one before it', { previous: null }, {}, false],
  ['other records', {}, { types: { entry: 4 } }, false],
  ['other bytes of the segment', {}, { segment: null }, false],
  ['other abandoned segments', { abandoned: { fromN: 9, toN: 10, checkpoint: 'a/1\n9\n"signers":[],\n' } }, {}, false],
])('of %s it is known whether the content is the same', (_, otherFacts, otherContent, isSame) => {
  const other = manifestText({ ...facts, ...otherFacts }, { ...content, ...otherContent });
  expect([isSameContent(text, other), isSameContent(other, text)]).toEqual([isSame, isSame]);
});

test('what is no manifest has another content', () => {
  for (const other of ['', '{}', '\u{fffd}', `${text} `]) expect(isSameContent(other, text)).toBe(false);
});

test('records are counted by type', () => {
  expect(countsOf([{ type: 'act' }, { type: 'entry' }, { type: 'act' }])).toEqual({ act: 2, entry: 1 });
});

test('the objects of a segment are named by its epoch and its number', () => {
  expect(objectKeysOf({ epoch: 2, n: 12 })).toEqual({
    segment: '2-00000012.jsonl.gz',
    slices: '2-00000012.slices',
    manifest: '2-00000012.json',
    checkpoint: '2-00000012.note',
  });
  expect(() => objectKeysOf({ epoch: 1, n: 100_000_000 })).toThrow('eight digits');
});
