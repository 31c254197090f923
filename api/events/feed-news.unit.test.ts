import { expect, test } from '@jest/globals';
import { createFeedNews } from './feed-news.ts';

const reader = { tenantId: 'a', xid: '7', since: '2026-01-01T00:00:00.000Z' };
const bounds = () => ({ ms: 60_000, gone: new AbortController().signal });
const limits = { everyMs: 1, perTenantMax: 2, waitingMax: 3 };

test('one question is asked for all who wait, and only those with news are woken', async () => {
  const sizes: number[] = [];
  const news = createFeedNews(async (readers) => {
    sizes.push(readers.length);
    return readers.filter(({ tenantId }) => tenantId === 'b');
  }, limits);
  const controller = new AbortController();
  const first = news.wait(reader, { ms: 60_000, gone: controller.signal });
  expect(await news.wait({ ...reader, tenantId: 'b' }, bounds())).toBe('news');
  expect(sizes[0]).toBe(2);
  controller.abort();
  expect(await first).toBe('over');
});

test('a tenant has its share of the places, and all together are bounded', async () => {
  const news = createFeedNews(async () => [], limits);
  const waiting = [news.wait(reader, bounds()), news.wait(reader, bounds())];
  expect(await news.wait(reader, bounds())).toBe('full');
  waiting.push(news.wait({ ...reader, tenantId: 'b' }, bounds()));
  expect(await news.wait({ ...reader, tenantId: 'c' }, bounds())).toBe('full');
  news.end();
  expect(await Promise.all(waiting)).toEqual(['over', 'over', 'over']);
  expect(await news.wait(reader, bounds())).toBe('over');
});

test('a wait ends with its time, and a client that has gone waits for nothing', async () => {
  const news = createFeedNews(async () => [], limits);
  expect(await news.wait(reader, { ...bounds(), ms: 5 })).toBe('over');
  expect(await news.wait(reader, { ms: 60_000, gone: AbortSignal.abort() })).toBe('over');
});

test('while nobody can be asked, each reader looks for itself', async () => {
  const news = createFeedNews(() => Promise.reject(new Error('no database')), limits);
  expect(await news.wait(reader, bounds())).toBe('news');
});
