import { fileURLToPath } from 'node:url';
import { afterAll, expect, test } from '@jest/globals';
import { request } from 'undici';
import { check } from '../../domain/check.ts';
import { fromPublic } from '../../domain/ids.ts';
import { anObject } from '../../storage/contract.ts';
import { signLink } from '../../storage/folder/links.ts';
import { freshApi } from '../../test/support/harness/api.ts';
import { aDay, storageUrls, storeAt } from '../../test/support/harness/storage.ts';
import type { AccessLog } from '../access-log/access-log.ts';

/** The links of a store that is a folder, which the API serves. */
const { folder, s3, removeFolder } = storageUrls();
afterAll(removeFolder);
let log: AccessLog;
const { pools, api, another } = freshApi({
  storageUrl: folder,
  tamper: (deps) => {
    log = deps.accessLog;
    return deps;
  },
});

async function anObjectThere() {
  const object = anObject(aDay());
  const put = await storeAt(folder).put(object);
  check(put.ok, 'it was put');
  return { ...object, versionId: put.value.versionId };
}
const get = async (url: string) => {
  const answer = await request(url);
  const text = await answer.body.text();
  return { status: answer.statusCode, headers: answer.headers, text };
};

test('a link leads to that version under its name, and to nothing when it is over or changed', async () => {
  const at = await anObjectThere();
  const store = storeAt(folder, {}, { linkBase: `${api.url}/objects` });
  const { url } = await store.link(at, { filename: 'a-1.json', seconds: 60 });
  const found = await get(url);
  expect([found.status, found.text]).toEqual([200, Buffer.from(at.bytes).toString()]);
  expect(found.headers).toMatchObject({
    ...{ 'content-type': expect.stringContaining(at.type), 'content-disposition': 'attachment; filename="a-1.json"' },
    ...{ 'content-length': String(at.bytes.length), 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' },
  });
  const over = await signLink(fileURLToPath(folder), { at, filename: 'a-1.json' }, 0);
  const token = url.split('/').at(-1) ?? '';
  for (const wrong of [over, token.replace(/^./, (letter) => (letter === 'e' ? 'f' : 'e')), `${token}x`, 'x']) {
    const refused = await get(`${api.url}/objects/${wrong}`);
    expect([wrong, refused.status, JSON.parse(refused.text).code]).toEqual([wrong, 403, 'link_not_valid']);
  }
});

test('a download is counted as a statement of the tenant whose key it has, and one that is refused is not', async () => {
  const at = await anObjectThere();
  const { url } = await storeAt(folder, {}, { linkBase: `${api.url}/objects` }).link(at, {
    filename: 'a-1.json',
    seconds: 60,
  });
  expect([(await get(url)).status, (await get(`${url}x`)).status]).toEqual([200, 403]);
  await log.writeAll();
  const text = 'select actor, subject_type, subject_id, count from ledger.archive_access where tenant_id = $1';
  const { rows } = await pools.root.query(text, [fromPublic('tenant', at.key.split('/')[0] ?? '')]);
  expect(rows).toEqual([{ actor: 'link', subject_type: 'statement', subject_id: null, count: 1 }]);
});

test('a store that serves its links itself, and none, have none here', async () => {
  const { url } = await storeAt(folder).link(await anObjectThere(), { filename: 'a-1.json', seconds: 60 });
  for (const storageUrl of [s3 ?? 'http://127.0.0.1:1', null]) {
    const other = await another({ storageUrl });
    expect((await get(`${other.url}/objects/${url.split('/').at(-1)}`)).status).toBe(403);
  }
});
