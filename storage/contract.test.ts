import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, test } from '@jest/globals';
import { check } from '../domain/check.ts';
import { until } from '../test/support/harness/in-time.ts';
import { aDay, storageUrls, storeAt } from '../test/support/harness/storage.ts';
import { anObject, contract } from './contract.ts';
import { readLink } from './folder/links.ts';
import type { NewObject, ObjectStore } from './port.ts';
import { sha256Of } from './sha256.ts';

/** One contract, asked of every kind of store. */
const urls = storageUrls();
afterAll(urls.removeFolder);

/** What a link leads to, as text; null when it leads nowhere. Those of a folder are served by who has its secret. */
const followed = {
  s3: async (url: string) => {
    const answer = await fetch(url);
    const text = await answer.text();
    return answer.ok ? { text, disposition: answer.headers.get('content-disposition') } : null;
  },
  folder: async (url: string, store: ObjectStore) => {
    const linked = await readLink(fileURLToPath(urls.folder), url.split('/').at(-1) ?? '');
    const part = linked && (await store.readRange(linked.at, { from: 0, bytes: 1_000 }));
    if (!part?.ok) return null;
    return { text: Buffer.from(part.value).toString(), disposition: `attachment; filename="${linked?.filename}"` };
  },
};

describe.each(['s3', 'folder'] as const)('%s', (kind) => {
  const url = urls[kind];
  const promised = url === null ? test.skip : test;
  const store = url === null ? null : storeAt(url, { versionsPageMax: 2 });
  afterAll(() => store?.close());
  const theStore = (): ObjectStore => {
    check(store, 'skipped without a store');
    return store;
  };

  describe.each(['compliance', 'governance'] as const)('in %s mode', (mode) => {
    promised.each(contract)('$promise', async ({ breach }) => {
      expect(await breach({ store: theStore(), retention: aDay(mode) })).toBeNull();
    });
  });

  promised('versions are listed by prefix, in pages, each once', async () => {
    const { key, ...object } = anObject(aDay());
    const folder = key.split('/')[0];
    const names = ['2026-01-1-1.pdf', '2026-01-1-1.pdf.gz', '2026-02-2-1.pdf', '2026-03-3-1.p2.pdf', '2027-01-4-1.pdf'];
    const keys = names.map((name) => `${folder}/${name}`);
    for (const one of keys) await theStore().put({ ...object, key: one });
    const pages = await pagesOf(theStore(), `${folder}/2026-`);
    expect(pages.flat()).toEqual(keys.slice(0, 4));
    expect(Math.max(...pages.map((page) => page.length))).toBe(2);
    expect((await pagesOf(theStore(), `${folder}/`)).flat()).toEqual(keys);
    expect((await pagesOf(theStore(), `${folder?.slice(0, -1)}`)).flat()).toEqual(keys);
    expect((await pagesOf(theStore(), 'tn_00000000000000000000000000/')).flat()).toEqual([]);
  });

  promised('a key that is the beginning of another is its own', async () => {
    const longer = { ...anObject(aDay()) };
    longer.key += '.gz';
    const first = await put(theStore(), longer);
    expect(await put(theStore(), { ...longer, key: longer.key.slice(0, -3) })).toMatchObject({ existed: false });
    expect(await put(theStore(), longer)).toEqual({ ...first, existed: true });
  });

  promised('an object as large as allowed is put and read; a larger one, and none, is a bug', async () => {
    const largest = ofBytes(Buffer.alloc(16_777_216, 'quittance'));
    const { versionId } = await put(theStore(), largest);
    const read = await theStore().read({ ...largest, versionId });
    expect(read.ok && sha256Of(read.value)).toBe(largest.sha256);
    for (const bytes of [Buffer.alloc(16_777_217), Buffer.alloc(0)])
      await expect(theStore().put(ofBytes(bytes))).rejects.toThrow('an object has 1 to 16777216 bytes');
  });

  promised('bytes that differ from the checksum that came with them are a bug, and are not put', async () => {
    const object = { ...anObject(aDay()), sha256: sha256Of(Buffer.from('others')) };
    await expect(theStore().put(object)).rejects.toThrow('differ from the checksum');
    expect(await pagesOf(theStore(), object.key)).toEqual([[]]);
  });

  promised('a link leads to that version for its time, under that name, and a changed one leads nowhere', async () => {
    const object = anObject(aDay());
    const at = { ...object, versionId: (await put(theStore(), object)).versionId };
    const other = anObject(aDay());
    const elsewhere = await theStore().link({ ...other, versionId: at.versionId }, { filename: 'b.json', seconds: 60 });
    const link = await theStore().link(at, { filename: 'a-1.json', seconds: 60 });
    const text = Buffer.from(object.bytes).toString();
    expect(await followed[kind](link.url, theStore())).toEqual({
      text,
      disposition: 'attachment; filename="a-1.json"',
    });
    expect(await followed[kind](elsewhere.url, theStore())).toBeNull();
    expect(await followed[kind](changed(link.url), theStore())).toBeNull();
    expect(link.expiresAt.getTime()).toBeGreaterThan(Date.now());
    const brief = await theStore().link(at, { filename: 'a-1.json', seconds: 1 });
    await until(async () => (await followed[kind](brief.url, theStore())) === null);
    await expect(theStore().link(at, { filename: 'a"b', seconds: 1 })).rejects.toThrow('a file name is');
    await expect(theStore().link(at, { filename: 'a', seconds: 301 })).rejects.toThrow('a link lives');
  });
});

async function put(store: ObjectStore, object: NewObject): Promise<{ versionId: string; existed: boolean }> {
  const result = await store.put(object);
  check(result.ok, 'it was refused');
  return result.value;
}

const ofBytes = (bytes: Buffer): NewObject => ({ ...anObject(aDay()), bytes, sha256: sha256Of(bytes) });

/** The same with one character of its signature changed. */
const changed = (url: string): string => url.replace(/.(?=.{5}$)/, (letter) => (letter === '0' ? '1' : '0'));

async function pagesOf(store: ObjectStore, prefix: string): Promise<string[][]> {
  const pages = [];
  let after: string | null = '';
  while (after !== null) {
    const page: Awaited<ReturnType<ObjectStore['versions']>> = await store.versions({
      area: 'statements',
      prefix,
      ...(after !== '' && { after }),
    });
    pages.push(page.versions.map(({ key }) => key));
    after = page.next;
  }
  return pages;
}
