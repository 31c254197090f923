import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, describe, expect, test } from '@jest/globals';
import { gallery } from '../../test/support/fixtures/statement-gallery.ts';
import { inTime } from '../../test/support/harness/in-time.ts';
import { readPdf } from '../../test/support/pdf-parts.ts';
import { createRenderers } from '../render/renderers.ts';
import { drawPdf } from './draw.ts';
import { openFonts } from './fonts.ts';
import { documentNamedIn } from './keyword.ts';

const missing: number[] = [];
const renderers = createRenderers({
  ...{ threads: 2, documentMs: inTime(60_000) },
  onMissingGlyphs: (count) => missing.push(count),
});
afterAll(() => renderers.close());
const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

const pages: Record<string, number> = {
  ...{ 'no-postings': 1, 'one-posting': 1, '36-postings': 2, '37-postings': 2, 'overdrawn-de': 2, 'late-fr': 2 },
  ...{ 'final-jpy-pl': 1, 'interim-kwd-us': 1, 'all-too-long': 2, 'other-scripts': 1 },
  ...{ 'part-1-of-2': 228, 'part-2-of-2': 1, manifest: 1 },
};

test('every statement of the gallery is tried', () => {
  expect(Object.keys(pages).toSorted()).toEqual(Object.keys(gallery).toSorted());
});

describe.each(Object.entries(gallery))('%s', (name, make) => {
  test(
    'is the same file in two threads, of so many pages, with its document inside and named',
    async () => {
      const document = make();
      const [one, two] = await Promise.all([renderers.render(document.bytes), renderers.render(document.bytes)]);
      expect(sha256(two ?? new Uint8Array())).toBe(sha256(one ?? new Uint8Array()));
      const pdf = readPdf(one ?? new Uint8Array());
      expect({ ...pdf, attachment: sha256(pdf.attachment) }).toMatchObject({
        ...{ pages: pages[name], attachment: document.sha256 },
        bytes: expect.stringMatching(/\/AFRelationship \/Data[\s\S]*<pdfuaid:part>1<[\s\S]*<pdfaid:conformance>A</),
      });
      expect(documentNamedIn(one ?? new Uint8Array())).toBe(document.sha256);
    },
    inTime(120_000),
  );
});

test('characters without a glyph are counted, in the one statement that has them', () => {
  expect(new Set(missing)).toEqual(new Set([31]));
});

test('another process draws the same file, in another zone and language of the machine', async () => {
  const document = gallery['late-fr']?.();
  const code = `
    import { buffer } from 'node:stream/consumers';
    const { drawPdf } = await import(${JSON.stringify(join(import.meta.dirname, 'draw.ts'))});
    const { openFonts } = await import(${JSON.stringify(join(import.meta.dirname, 'fonts.ts'))});
    const { createHash } = await import('node:crypto');
    const { pdf } = await drawPdf(await buffer(process.stdin), openFonts());
    console.log(createHash('sha256').update(pdf).digest('hex'));`;
  const env = { TZ: 'Pacific/Kiritimati', LANG: 'ar_EG.UTF-8' };
  const child = spawn(process.execPath, ['--input-type=module', '-e', code], {
    env,
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  child.stdin.end(document?.bytes);
  const pdf = await renderers.render(document?.bytes ?? new Uint8Array());
  expect((await text(child.stdout)).trim()).toBe(sha256(pdf));
});

/** A change here makes other PDFs of the same documents: it raises templateVersion (statements/render/renderer.ts), and this hash follows. */
test('the template of this version', async () => {
  const { bytes } = gallery['late-fr']?.() ?? {};
  const { pdf } = await drawPdf(bytes ?? new Uint8Array(), openFonts(), { compress: false });
  expect([renderers.renderer.split(' ')[0], sha256(pdf).slice(0, 16)]).toEqual(['template/1', 'a576484d2676e812']);
});

test('bytes that are no PDF of ours name no document', () => {
  const named = `\n7 0 obj\n(sha256 ${'a'.repeat(64)})\nendobj\n`;
  for (const other of ['', '%PDF-1.7', named, `${named}\ntrailer\n<< /Info 8 0 R >>`])
    expect(documentNamedIn(Buffer.from(other))).toBeNull();
});
