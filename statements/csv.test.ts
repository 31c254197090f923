import { expect, test } from '@jest/globals';
import { aStatement, ordinary, steadyId } from '../test/support/fixtures/statement-documents.ts';
import { toCsv } from './csv.ts';
import { buildDocument } from './document.ts';
import { type DocumentWithPostings, parseDocument } from './schema.ts';

function documentOf(statement: ReturnType<typeof aStatement>): DocumentWithPostings {
  const document = parseDocument(buildDocument(statement.facts, statement.postings).bytes);
  if ('parts' in document) throw new Error('a manifest');
  return document;
}

const csvOf = async (...documents: DocumentWithPostings[]): Promise<string> =>
  (await Array.fromAsync(toCsv(documents))).join('');

/** A reader of RFC 4180 of its own: fields by comma, in quotes where they need it. */
const recordsOf = (csv: string): string[][] => {
  const records: string[][] = [[]];
  for (const [, quoted, plain = '', end] of csv.matchAll(/(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n)/g)) {
    records.at(-1)?.push(quoted === undefined ? plain : quoted.replaceAll('""', '"'));
    if (end === '\r\n') records.push([]);
  }
  return records.slice(0, -1);
};

test('a file read back is the document', async () => {
  const late = { amount: -100n, isLate: true, valueAt: '2026-10-28T00:00:00.000+01:00', reverses: steadyId(9) };
  const document = documentOf(
    aStatement([...ordinary(40), late, { amount: 1n, text: 'a,"b"\r\nc', transferId: null }]),
  );
  const [head, ...rows] = recordsOf(await csvOf(document));
  expect(head).toEqual(
    'seq,created_at,effective_at,amount,balance_after,currency,description,counterparty,reference,transfer_id,entry_id,reverses_id,is_late'.split(
      ',',
    ),
  );
  const posted = rows.map(([seq, at, valueAt, amount, balance, currency, ...texts]) => {
    expect(currency).toBe('EUR');
    return [seq, at, valueAt, amount, balance, ...texts];
  });
  expect(posted).toEqual(document.postings.map((row) => row.map((value) => String(value ?? ''))));
});

test('parts follow each other under one head', async () => {
  const [one, two] = [documentOf(aStatement(ordinary(2))), documentOf(aStatement(ordinary(3), { fromSeq: 13n }))];
  const records = recordsOf(await csvOf(one, two));
  expect(records.map(([seq]) => seq)).toEqual(['seq', '12', '13', '14', '15', '16']);
});

test('no posting is a head, and what a spreadsheet would run is disarmed', async () => {
  expect(recordsOf(await csvOf(documentOf(aStatement([]))))).toHaveLength(1);
  const evil = documentOf(aStatement([{ amount: 1n, text: '=1+1', counterparty: '@x', reference: '-2' }]));
  expect(await csvOf(evil)).toContain(",'=1+1,'@x,'-2,");
});
