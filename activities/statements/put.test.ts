import { afterAll, expect, test } from '@jest/globals';
import { v7 as uuidV7 } from 'uuid';
import { keywordsOf } from '../../statements/pdf/keyword.ts';
import type { Retention } from '../../storage/port.ts';
import { sha256Of } from '../../storage/sha256.ts';
import { aDay, storeAt, testStorageUrl } from '../../test/support/harness/storage.ts';
import { type Place, putDocument, putPdf } from './put.ts';

const store = storeAt(testStorageUrl());
afterAll(() => store.close());

const documentOf = (text: string) => ({ bytes: Buffer.from(text), sha256: sha256Of(Buffer.from(text)) });
const document = documentOf('{"v":1}');

/** What a build of the renderer makes of a document, as far as it is read: its keywords, and bytes of its own. */
const drawnBy = (build: string, { sha256 } = document) =>
  Buffer.from(
    `%PDF-1.7 ${build}\n1 0 obj\n<< /Keywords 2 0 R >>\nendobj\n2 0 obj\n(${keywordsOf(sha256)})\nendobj\ntrailer\n<< /Info 1 0 R >>\n`,
  );

const aPlace = (retention: Retention = aDay('governance')): Place => {
  const facts = {
    tenantId: uuidV7(),
    accountId: uuidV7(),
    kind: 'monthly',
    number: 1,
    edition: 1,
    month: '2026-10',
  } as const;
  return { statement: { facts, day: null, sequenceOfDay: null }, part: 0, retention };
};
const put = (place: Place, build: string, { isLikelyThere = false, of = document } = {}) =>
  putPdf(store, { draw: async () => drawnBy(build, of), ofDocument: of.sha256, isLikelyThere }, place);

test('an object is put once: again it is the same version, and the row says what is there', async () => {
  const place = aPlace();
  const first = await putDocument(store, document, place);
  expect(first).toMatchObject({ ok: true, value: { format: 'json', part: 0, sha256: document.sha256, bytes: 7 } });
  expect(await putDocument(store, document, place)).toEqual(first);
});

test('another document under the key is refused: nothing takes its place', async () => {
  const place = aPlace();
  await putDocument(store, document, place);
  const refused = await putDocument(store, documentOf('{"v":1,"other":true}'), place);
  expect(refused).toEqual({ ok: false, refusal: { code: 'other_document' } });
});

test('the PDF that another build of the renderer made of this document is kept', async () => {
  const place = aPlace();
  const first = await put(place, 'old');
  expect(await put(place, 'new')).toEqual(first);
  expect(first).toMatchObject({ ok: true, value: { sha256: sha256Of(drawnBy('old')) } });
});

test('one that is likely there is looked for before it is drawn', async () => {
  const place = aPlace();
  const first = await put(place, 'old');
  const draw = () => Promise.reject(new Error('it was drawn'));
  expect(await putPdf(store, { draw, ofDocument: document.sha256, isLikelyThere: true }, place)).toEqual(first);
  // Where none is, it is drawn.
  expect(await put(aPlace(), 'new', { isLikelyThere: true })).toMatchObject({ ok: true });
});

test('a PDF of another document in its place is refused, drawn before or after the look', async () => {
  const place = aPlace();
  await put(place, 'old', { of: documentOf('{"v":1,"other":true}') });
  for (const isLikelyThere of [false, true])
    expect(await put(place, 'new', { isLikelyThere })).toEqual({ ok: false, refusal: { code: 'other_pdf' } });
});

test('one that is kept for less time is kept longer, and a date that has passed is refused', async () => {
  const place = aPlace();
  await put(place, 'old');
  const retention = { ...place.retention, until: new Date(Date.now() + 10 * 86_400_000) };
  const longer = await put({ ...place, retention }, 'new');
  expect(longer).toMatchObject({ ok: true, value: { retainUntil: retention.until.toISOString() } });
  if (!longer.ok) return;
  const stored = await store.head({ area: 'statements', ...longer.value });
  expect(stored).toMatchObject({ ok: true, value: { sha256: sha256Of(drawnBy('old')) } });
  if (stored.ok) expect(stored.value.retention?.until.getTime()).toBeGreaterThanOrEqual(retention.until.getTime());
  const over = { mode: 'governance', until: new Date(0) } as const;
  expect(await put(aPlace(over), 'old')).toEqual({ ok: false, refusal: { code: 'retention_over' } });
  expect(await putDocument(store, document, aPlace(over))).toEqual({ ok: false, refusal: { code: 'retention_over' } });
});
