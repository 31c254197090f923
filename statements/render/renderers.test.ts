import { afterEach, expect, test } from '@jest/globals';
import { Bug } from '../../domain/check.ts';
import { aStatement, ordinary } from '../../test/support/fixtures/statement-documents.ts';
import { until } from '../../test/support/harness/in-time.ts';
import { buildDocument } from '../document.ts';
import { createRenderers, type Renderers, type RenderOptions } from './renderers.ts';

/** A program of a thread in place of ours. A document is a word; the answer is the number of the thread that drew it. */
const standIn = new URL(
  `data:text/javascript,${encodeURIComponent(`
  import { parentPort, threadId } from 'node:worker_threads';
  const kept = [];
  parentPort.on('message', (document) => {
    const word = new TextDecoder().decode(document);
    if (word === 'hang') for (;;);
    if (word === 'exit') process.exit(3);
    if (word === 'throw') throw new Error('not a bug');
    if (word === 'grow') for (;;) kept.push(new Array(1e5).fill(kept.length));
    if (word === 'silent') return;
    if (word === 'bug') return parentPort.postMessage({ bug: 'figures' });
    parentPort.postMessage({ pdf: Uint8Array.of(threadId), missingGlyphs: word === '??' ? 2 : 0 });
    if (word === 'late') setTimeout(() => process.exit(3));
  });
`)}`,
);

const open: Renderers[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((renderers) => renderers.close()));
});
const renderersOf = (options: Partial<RenderOptions> = {}): Renderers => {
  const renderers = createRenderers({ threads: 1, program: standIn, ...options });
  open.push(renderers);
  return renderers;
};
const word = (text: string): Uint8Array => new TextEncoder().encode(text);
const threadOf = async (renderers: Renderers, text = 'a'): Promise<number> =>
  (await renderers.render(word(text)))[0] ?? -1;

test('a document is drawn by a thread, and equal documents in two threads and again are equal files', async () => {
  const renderers = createRenderers({ threads: 2 });
  open.push(renderers);
  const { facts, postings } = aStatement(ordinary(20));
  const { bytes } = buildDocument(facts, postings);
  const [one, two] = await Promise.all([renderers.render(bytes), renderers.render(bytes)]);
  expect(
    Buffer.from(one ?? [])
      .subarray(0, 8)
      .toString(),
  ).toBe('%PDF-1.7');
  expect(two).toEqual(one);
  expect(await renderers.render(bytes)).toEqual(one);
  await expect(renderers.render(word('{}'))).rejects.toThrow(Bug);
  expect(renderers.renderer).toMatch(/^template\/\d+ formats\/\d+ pdfkit\/[\d.]+ .* zlib\/\S+$/);
});

test.each([
  ['hangs', 'hang', 'timeout', { documentMs: 500 }],
  ['ends', 'exit', 'crashed', {}],
  ['throws', 'throw', 'crashed', {}],
  ['needs more memory than it may', 'grow', 'crashed', { heapMiBMax: 32 }],
])(
  'a thread that %s is replaced, its document rejected, and those behind it are drawn',
  async (_, text, code, changes) => {
    const renderers = renderersOf(changes);
    const before = await threadOf(renderers);
    const [bad, next] = await Promise.allSettled([renderers.render(word(text)), threadOf(renderers)]);
    expect(bad).toMatchObject({ status: 'rejected', reason: { name: 'RenderFault', code } });
    expect([next.status, next.status === 'fulfilled' && next.value !== before]).toEqual(['fulfilled', true]);
  },
);

test('a thread that ends while it has nothing to do is replaced by the next document', async () => {
  const renderers = renderersOf();
  const before = await threadOf(renderers, 'late');
  // A document that comes while it ends is rejected, as any other that loses its thread.
  await until(async () => (await threadOf(renderers).catch(() => before)) !== before);
});

test('a thread that cannot be started rejects its document and those behind it, and the next one is tried again', async () => {
  const renderers = renderersOf({ program: new URL('https://localhost/thread.js') });
  const crashed = { status: 'rejected', reason: { code: 'crashed', cause: { code: 'ERR_INVALID_URL_SCHEME' } } };
  for (let n = 0; n < 2; n += 1)
    expect(await Promise.allSettled([renderers.render(word('a')), renderers.render(word('a'))])).toMatchObject([
      crashed,
      crashed,
    ]);
});

test('a document that no repetition draws is a bug, and its thread goes on', async () => {
  const renderers = renderersOf();
  const before = await threadOf(renderers);
  await expect(renderers.render(word('bug'))).rejects.toThrow(new Bug('figures'));
  expect(await threadOf(renderers)).toBe(before);
});

test('a thread draws so many documents, then another does', async () => {
  const renderers = renderersOf({ documentsPerThreadMax: 2 });
  const drawn: number[] = [];
  for (let i = 0; i < 5; i += 1) drawn.push(await threadOf(renderers));
  expect(drawn.map((thread) => [...new Set(drawn)].indexOf(thread))).toEqual([0, 0, 1, 1, 2]);
});

test('a thread has one document at a time, and so many wait', async () => {
  const renderers = renderersOf({ threads: 2, waitingMax: 1, documentMs: 500 });
  const silent = [renderers.render(word('silent')), renderers.render(word('silent'))];
  const waiting = threadOf(renderers);
  await expect(renderers.render(word('a'))).rejects.toMatchObject({ code: 'busy' });
  const results = await Promise.allSettled([...silent, waiting]);
  expect(results.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'fulfilled']);
});

test('closing rejects what is drawn, what waits, and what comes', async () => {
  const renderers = renderersOf();
  const results = Promise.allSettled([renderers.render(word('hang')), renderers.render(word('a'))]);
  await renderers.close();
  const closed = { status: 'rejected', reason: { code: 'closed' } };
  expect(await results).toMatchObject([closed, closed]);
  await expect(renderers.render(word('a'))).rejects.toMatchObject({ code: 'closed' });
});

test('who asked is notified of characters that no font has', async () => {
  const counts: number[] = [];
  const renderers = renderersOf({ onMissingGlyphs: (count) => counts.push(count) });
  await threadOf(renderers, 'a');
  await threadOf(renderers, '??');
  expect(counts).toEqual([2]);
});
