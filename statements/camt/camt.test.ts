import { expect, test } from '@jest/globals';
import { create } from 'xmlbuilder2';
import { z } from 'zod';
import { Bug } from '../../domain/check.ts';
import { aStatement, ordinary, steadyId } from '../../test/support/fixtures/statement-documents.ts';
import { gallery } from '../../test/support/fixtures/statement-gallery.ts';
import { buildDocument } from '../document.ts';
import { parseDocument } from '../schema.ts';
import { toCamt } from './message.ts';

const camtOf = async (bytes: Uint8Array): Promise<string> =>
  (await Array.fromAsync(toCamt(parseDocument(bytes)))).join('');
const ofStatement = ({ facts, postings }: ReturnType<typeof aStatement>) =>
  camtOf(buildDocument(facts, postings).bytes);
const flat = (xml: string): string => xml.replaceAll(/>\s+</g, '><');

const entry = z.looseObject({
  Amt: z.looseObject({ '@Ccy': z.string(), '#': z.string() }),
  CdtDbtInd: z.enum(['CRDT', 'DBIT']),
});
const amountOf = ({ Amt, CdtDbtInd }: z.infer<typeof entry>): bigint =>
  BigInt(Amt['#'].replace('.', '')) * (CdtDbtInd === 'CRDT' ? 1n : -1n);
const message = z.object({
  Document: z.object({ BkToCstmrStmt: z.object({ Stmt: z.object({ Bal: z.array(entry), Ntry: z.array(entry) }) }) }),
});

test.each(['36-postings', 'overdrawn-de', 'final-jpy-pl'])(
  'balances and entries of %s add up, read by another reader',
  async (name) => {
    const bytes = gallery[name]?.().bytes ?? new Uint8Array();
    const document = parseDocument(bytes);
    const { Stmt } = message.parse(create(await camtOf(bytes)).end({ format: 'object' })).Document.BkToCstmrStmt;
    const [opening, closing] = Stmt.Bal.map(amountOf);
    const sum = Stmt.Ntry.map(amountOf).reduce((total, amount) => total + amount, 0n);
    expect([opening, sum]).toEqual([BigInt(document.opening), BigInt(document.closing) - BigInt(document.opening)]);
    expect([closing, Stmt.Ntry.length]).toEqual([
      BigInt(document.closing),
      Number(document.to_seq) - Number(document.from_seq),
    ]);
  },
);

test('a numbered statement is camt.053 with its number; one on request is a report without', async () => {
  const numbered = await ofStatement(aStatement(ordinary(2)));
  expect(numbered).toContain('urn:iso:std:iso:20022:tech:xsd:camt.053.001.08');
  expect(flat(numbered)).toContain('<ElctrncSeqNb>11</ElctrncSeqNb><LglSeqNb>11</LglSeqNb>');
  expect(numbered).toMatch(/OPBD[\s\S]*CLBD/);
  const report = await camtOf(gallery['interim-kwd-us']?.().bytes ?? new Uint8Array());
  expect(report).toContain('urn:iso:std:iso:20022:tech:xsd:camt.052.001.08');
  expect(report).not.toMatch(/SeqNb|CLBD/);
  expect(report).toMatch(/OPBD[\s\S]*ITBD/);
});

test('a part is a page, and a manifest is no message', async () => {
  const last = await camtOf(gallery['part-2-of-2']?.().bytes ?? new Uint8Array());
  expect(flat(last)).toContain('<PgNb>2</PgNb><LastPgInd>true</LastPgInd>');
  expect(last).toMatch(/\.p2<[\s\S]*ITBD[\s\S]*CLBD/);
  await expect(camtOf(gallery['manifest']?.().bytes ?? new Uint8Array())).rejects.toThrow(Bug);
});

test('who is on the other side, what undoes what, and no text that is too long', async () => {
  const text = `entries <&> ${'ü'.repeat(600)}`;
  const drafts = [
    { amount: -5n, counterparty: 'Grace', reference: 'r'.repeat(35), text, reverses: steadyId(9) },
    { amount: 5n, counterparty: 'Ada', reference: 'r'.repeat(36) },
  ];
  const xml = flat(await ofStatement(aStatement(drafts)));
  expect(xml).toContain('<Cdtr><Pty><Nm>Grace</Nm></Pty></Cdtr>');
  expect(xml).toContain('<Dbtr><Pty><Nm>Ada</Nm></Pty></Dbtr>');
  expect(xml.match(/<EndToEndId>r+<\/EndToEndId>/g)).toEqual([`<EndToEndId>${'r'.repeat(35)}</EndToEndId>`]);
  expect(xml).toContain(`<Ustrd>${'r'.repeat(36)}</Ustrd>`);
  expect(xml).toContain('<RvslInd>true</RvslInd>');
  expect(xml).toContain(`<AddtlTxInf>entries &lt;&amp;&gt; ${'ü'.repeat(488)}</AddtlTxInf>`);
});
