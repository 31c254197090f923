import { createHash, randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import pino from 'pino';
import { request } from 'undici';
import { createRunWaker, type RunWaker } from '../../activities/statements/wake-runs.ts';
import { check } from '../../domain/check.ts';
import { fromPublic, toPublic } from '../../domain/ids.ts';
import { postingsPerPart } from '../../domain/statement.ts';
import { readLinkKey } from '../../ledger/access/seal.ts';
import { aTransfer } from '../../test/support/fixtures/accounts.ts';
import { type Api, startApi, straightTo } from '../../test/support/harness/api.ts';
import { type Platform, startInProcess } from '../../test/support/harness/in-process.ts';
import { inTime, until } from '../../test/support/harness/in-time.ts';
import { storageUrls } from '../../test/support/harness/storage.ts';
import type { AccessLog } from '../access-log/access-log.ts';
import { createExportSlots } from '../exports/slots.ts';
import { readFileToken, signFile } from './file-token.ts';

/** From a request to the bytes that somebody downloads: with a worker that makes statements, and a store of each kind. */
const urls = storageUrls();
afterAll(urls.removeFolder);

type Download = { status: number; headers: Record<string, unknown>; bytes: Buffer; rows: string | undefined };

async function download(url: string): Promise<Download> {
  const answer = await request(url);
  const bytes = Buffer.from(await answer.body.arrayBuffer());
  return { status: answer.statusCode, headers: answer.headers, bytes, rows: answer.trailers['row-count'] };
}
const sha256Of = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');

describe.each(['s3', 'folder'] as const)('with a store that is %s', (kind) => {
  const storageUrl = urls[kind];
  const promised = storageUrl === null ? test.skip : test;
  let platform: Platform;
  let runs: RunWaker;
  let api: Api;
  let log: AccessLog;
  let ada: string;
  let start: (url: string) => Promise<Api>;
  const fileSlots = createExportSlots(2);
  beforeAll(async () => {
    if (storageUrl === null) return;
    // The longest here takes seconds; nobody takes it from its worker.
    const own = { statementsMaxMs: inTime(120_000), statementsLeaseMs: inTime(110_000) };
    platform = await startInProcess({ roles: ['statements'], storageUrl, waits: own });
    const { pools, ledger, accounts, client, waits } = platform;
    runs = createRunWaker({ client, log: pino({ level: 'silent' }), waits });
    ada = toPublic('account', accounts.ada);
    start = (url) =>
      startApi({
        ...{ pools, storageUrl: url, tenantId: accounts.tenantId, startGroup: straightTo(ledger) },
        tamper: (deps) => {
          log = deps.accessLog;
          return { ...deps, fileSlots, makeStatements: runs.make };
        },
      });
    api = await start(storageUrl);
  }, inTime(60_000));
  afterAll(async () => {
    await api?.end();
    await runs?.close();
    await platform?.end();
  }, inTime(30_000));

  /** A statement of what was posted until now, when it is ready. */
  async function aStatement(): Promise<{ id: string; document_sha256: string; parts: number; to_seq: string }> {
    const { status, body } = await api.call('/v1/statements', { body: { account_id: ada } });
    expect([status, body]).toEqual([201, body]);
    let now = body;
    await until(async () => {
      now = (await api.call(`/v1/statements/${body.id}`)).body;
      return now.status === 'ready';
    }, 120_000);
    return now;
  }
  const link = (id: string, format: string, part?: number) =>
    api.call(`/v1/statements/${id}/links`, { body: { format, ...(part !== undefined && { part }) } });
  /** Pays so many single cents from Ada to Grace. */
  async function pay(count: number): Promise<void> {
    const { ledger, accounts } = platform;
    for (let left = count; left > 0; left -= 250)
      await Promise.all(
        Array.from({ length: Math.min(left, 250) }, () =>
          ledger.reserve(randomUUID(), aTransfer(accounts, { amount: '1', description: '=cmd, "quoted"' })),
        ),
      );
  }

  promised('a statement is asked for, made, linked and downloaded, and is what its row says', async () => {
    await pay(3);
    const statement = await aStatement();
    expect(statement).toMatchObject({ money_in: { count: 1, amount: '10000' }, money_out: { count: 3, amount: '3' } });
    for (const [format, type, begin] of [
      ['pdf', 'application/pdf', '%PDF-'],
      ['json', 'application/json', '{"account":'],
    ] as const) {
      const { status, body, headers } = await link(statement.id, format);
      expect([status, headers['location']]).toEqual([201, body.url]);
      expect(Date.parse(body.expires_at) - Date.now()).toBeGreaterThan(240_000);
      const file = await download(body.url);
      expect([file.status, sha256Of(file.bytes), file.bytes.length]).toEqual([200, body.sha256, body.bytes]);
      expect(file.headers).toMatchObject({ 'content-type': expect.stringContaining(type) });
      expect(file.headers['content-disposition']).toBe(`attachment; filename="${body.filename}"`);
      expect(file.bytes.subarray(0, begin.length).toString()).toBe(begin);
      if (format === 'json') expect(body.sha256).toBe(statement.document_sha256);
    }
    const audit = (await api.call('/v1/audit?action=statement.link_made')).body.data;
    expect(audit.map(({ subject }: { subject: string }) => subject)).toEqual([statement.id, statement.id]);
  });

  promised('a CSV read back is the postings, and a camt message has them too', async () => {
    const statement = await aStatement();
    const { body } = await link(statement.id, 'csv');
    expect([body.sha256, body.bytes, body.url.startsWith(`${api.url}/files/`)]).toEqual([null, null, true]);
    const csv = await download(body.url);
    expect(csv.headers['content-disposition']).toBe(`attachment; filename="${body.filename}"`);
    const [head = [], ...rows] = read(csv.bytes.toString());
    expect(csv.rows).toBe(String(rows.length));
    const column = (name: string) => rows.map((row) => row[head.indexOf(name)]);
    const { data } = (await api.call(`/v1/statements/${statement.id}/postings?limit=100`)).body;
    for (const name of ['seq', 'amount', 'balance_after', 'entry_id'])
      expect([name, column(name)]).toEqual([name, data.map((posting: Record<string, string>) => posting[name])]);
    expect(csv.bytes.toString()).not.toMatch(/(^|,|")=cmd/m);
    const camt = await download((await link(statement.id, 'camt')).body.url);
    expect(camt.headers['content-type']).toBe('application/xml; charset=utf-8');
    expect(camt.bytes.toString().match(/<Ntry>/g)).toHaveLength(rows.length);
    expect(camt.bytes.toString()).toContain('urn:iso:std:iso:20022:tech:xsd:camt.052.001.08');
    // Who has a link is not known, and that somebody had it is counted.
    await log.writeAll();
    const { rows: counted } = await platform.pools.root.query(
      "select sum(count)::int as count from ledger.archive_access where actor = 'link' and subject_id = $1",
      [fromPublic('statement', statement.id)],
    );
    expect(counted).toEqual([{ count: 2 }]);
  });

  promised('a link of ours that is over, changed, or of another statement leads nowhere', async () => {
    const one = await aStatement();
    await pay(1);
    const other = await aStatement();
    const tokenOf = async (id: string) => (await link(id, 'csv')).body.url.split('/').at(-1);
    const [token, another] = [await tokenOf(one.id), await tokenOf(other.id)];
    const key = await readLinkKey(platform.pools.api);
    const claim = readFileToken(key, token, Date.now());
    check(claim, 'what we made is read');
    expect(claim.statementId).toBe(fromPublic('statement', one.id));
    const nowhere = [
      signFile(key, { ...claim, until: Date.now() - 1 }),
      signFile(Buffer.alloc(32), claim),
      `${token.split('.')[0]}.${another.split('.')[1]}`,
      token.replace(/^./, (letter: string) => (letter === 'e' ? 'f' : 'e')),
      'x',
    ];
    for (const wrong of nowhere) {
      const answer = await download(`${api.url}/files/${encodeURIComponent(wrong)}`);
      const problem = JSON.parse(answer.bytes.toString());
      expect([wrong, answer.status, problem.code]).toEqual([wrong, 403, 'link_not_valid']);
    }
    expect((await download(`${api.url}/files/${token}`)).status).toBe(200);
    expect((await request(`${api.url}/files/${token}`, { method: 'HEAD' })).statusCode).toBe(200);
  });

  promised(
    'a tenant has two downloads of ours at a time; without its store a file is refused, and none begins',
    async () => {
      const url = (await link((await aStatement()).id, 'csv')).body.url;
      const { tenantId } = platform.accounts;
      const places = [fileSlots.take(tenantId), fileSlots.take(tenantId)];
      const busy = await download(url);
      expect([busy.status, busy.headers['retry-after']]).toEqual([429, expect.any(String)]);
      for (const giveBack of places) giveBack?.();
      expect((await download(url)).status).toBe(200);
      const apart = await start('http://127.0.0.1:1');
      const refused = await download(url.replace(api.url, apart.url));
      await apart.end();
      expect([refused.status, JSON.parse(refused.bytes.toString()).code]).toEqual([503, 'unavailable']);
      const place = fileSlots.take(tenantId);
      expect(place).not.toBeNull();
      place?.();
    },
  );

  // Which store it is makes no difference to that, and two documents of thousands of postings take their time.
  if (kind === 'folder')
    promised(
      'a long one has parts: each is linked by its number, and a CSV has all of them',
      async () => {
        await pay(postingsPerPart);
        const statement = await aStatement();
        expect(statement.parts).toBe(2);
        const manifest = await download((await link(statement.id, 'json')).body.url);
        expect(sha256Of(manifest.bytes)).toBe(statement.document_sha256);
        const parts: { sha256: string }[] = JSON.parse(manifest.bytes.toString()).parts;
        for (const [at, { sha256 }] of parts.entries())
          expect((await link(statement.id, 'json', at + 1)).body.sha256).toBe(sha256);
        const names = await Promise.all(
          [1, 2].map(async (part) => (await link(statement.id, 'pdf', part)).body.filename),
        );
        expect(names).toEqual([expect.stringMatching(/\.p1\.pdf$/), expect.stringMatching(/\.p2\.pdf$/)]);
        const csv = await download((await link(statement.id, 'csv')).body.url);
        const [, ...rows] = read(csv.bytes.toString());
        expect(rows.map(([seq]) => Number(seq))).toEqual(
          Array.from({ length: Number(statement.to_seq) }, (_, n) => n + 1),
        );
        const camt = await download((await link(statement.id, 'camt', 2)).body.url);
        expect(camt.bytes.toString().match(/<Ntry>/g)).toHaveLength(Number(statement.to_seq) - postingsPerPart);
        for (const refused of [await link(statement.id, 'camt'), await link(statement.id, 'pdf', 3)])
          expect([refused.status, refused.body.errors[0].pointer]).toEqual([400, '/part']);
      },
      inTime(180_000),
    );
});

/** RFC 4180, as somebody else would read it. */
function read(text: string): string[][] {
  const records: string[][] = [[]];
  for (const [, quoted, bare, end] of text.matchAll(/(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n|$)/g)) {
    records.at(-1)?.push(quoted?.replaceAll('""', '"') ?? bare ?? '');
    if (end === '') break;
    if (end === '\r\n') records.push([]);
  }
  return records.filter((record) => record.length > 1);
}
