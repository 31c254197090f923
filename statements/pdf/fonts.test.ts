import { expect, test } from '@jest/globals';
import { aStatement } from '../../test/support/fixtures/statement-documents.ts';
import { gallery } from '../../test/support/fixtures/statement-gallery.ts';
import { buildDocument } from '../document.ts';
import { drawPdf } from './draw.ts';
import { type Fonts, openFonts, weights } from './fonts.ts';

const fonts = openFonts();

test('both weights can draw the same characters', () => {
  const [regular, strong] = weights.map((weight) => fonts[weight].characterSet);
  expect(strong).toEqual(regular);
});

test('every character that is drawn is one glyph, which is read back as that character and no other', () => {
  const drawn = fonts.regular.characterSet.filter((codePoint) => {
    const character = String.fromCodePoint(codePoint);
    return fonts.hasGlyph(codePoint) && character.normalize('NFC') === character;
  });
  expect(drawn.length).toBeGreaterThan(1_500);
  const readBack = drawn.map((codePoint) => {
    const character = String.fromCodePoint(codePoint);
    return [character, `i${character}f`].map((text) =>
      fonts.regular.layout(text).glyphs.map((glyph) => glyph.codePoints),
    );
  });
  expect(readBack).toEqual(drawn.map((codePoint) => [[[codePoint]], [[0x69], [codePoint], [0x66]]]));
});

test.each([
  ['Latin, Greek, Cyrillic, their marks, and signs', 'Đặng Łódź Ω ж \u0323 € − … 1½ @', true],
  ['scripts whose letters change with their neighbours', 'हि', false],
  ['others', '山א ع🎈', false],
])('%s', (_, text, isDrawn) => {
  const codePoints = Array.from(text.replaceAll(' ', ''), (character) => character.codePointAt(0) ?? 0);
  expect(codePoints.map((codePoint) => fonts.hasGlyph(codePoint))).toEqual(codePoints.map(() => isDrawn));
});

test('what a thread has drawn before changes nothing in what it draws', async () => {
  const named = (name: string) => {
    const { facts, postings } = aStatement([{ amount: 1n, counterparty: name, text: name }], {
      account: { name, reference: null, currency: 'EUR' },
    });
    return buildDocument(facts, postings).bytes;
  };
  const documents = [
    named('Ịọ Éè ǹ'),
    named('Io Ee n fi x\u0323'),
    gallery['other-scripts']?.().bytes ?? new Uint8Array(),
  ];
  const drawnBy = async (own: Fonts, sequence: Uint8Array[]) => {
    const pdfs = new Map<Uint8Array, string>();
    for (const document of sequence)
      pdfs.set(document, Buffer.from((await drawPdf(document, own)).pdf).toString('hex'));
    return documents.map((document) => pdfs.get(document));
  };
  const [forwards, backwards] = [
    await drawnBy(openFonts(), documents),
    await drawnBy(openFonts(), documents.toReversed()),
  ];
  expect(forwards.map((pdf, i) => pdf === backwards[i])).toEqual([true, true, true]);
});
