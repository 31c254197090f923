import type { Font, GlyphPosition, GlyphRun } from 'fontkit';

/** Words whose layout is kept; then all are forgotten. The words of statements repeat, and laying one out costs more than drawing it. */
const wordsMax = 20_000;
/** Amounts, dates and ids: their signs stand beside each other without kerning, so that digits are below digits. */
const withDigits = /^(?=.*\d)[\x21-\x7e\u00a0\u202f\u2212]+ ?$/;
/**
 * Whatever puts other glyphs in the place of a character's own is off: a PDF maps each glyph to one text, so what is copied or read aloud from
 * a ligature, or from a letter and its dot, would depend on what was drawn before.
 */
const ownGlyphs = Object.fromEntries(
  'ccmp locl rlig calt clig liga rclt curs frac numr dnom'.split(' ').map((feature) => [feature, false]),
);

/** Makes a font draw each character as its own glyph, and remember how it laid out a word: pdfkit forgets it with each document. */
export function shapePlainly(font: Font): Font {
  // The first use of a glyph says which text it has, for all documents of the thread.
  for (const codePoint of font.characterSet) font.glyphForCodePoint(codePoint);
  const layOut = font.layout.bind(font);
  const empty = layOut('');
  const words = new Map<string, GlyphRun>();
  font.layout = (text) => {
    const run = words.get(text) ?? (withDigits.test(text) ? inRow(empty, font, text) : layOut(text, ownGlyphs));
    if (words.size >= wordsMax) words.clear();
    words.set(text, run);
    // pdfkit scales the positions that it is given.
    return withPositions(
      run,
      run.positions.map((position) => ({ ...position })),
    );
  };
  return font;
}

function inRow(empty: GlyphRun, font: Font, text: string): GlyphRun {
  const glyphs = Array.from(text, (character) => font.glyphForCodePoint(character.codePointAt(0) ?? 0));
  const positions = glyphs.map(({ advanceWidth }) => ({ xAdvance: advanceWidth, yAdvance: 0, xOffset: 0, yOffset: 0 }));
  return { ...withPositions(empty, positions), glyphs };
}

/** The same run at other positions, by which its width is computed whenever it is asked for. */
function withPositions(run: GlyphRun, positions: GlyphPosition[]): GlyphRun {
  const { glyphs, script, language, direction, features } = run;
  return {
    ...{ glyphs, positions, script, language, direction, features },
    get advanceWidth() {
      return positions.reduce((sum, { xAdvance }) => sum + xAdvance, 0);
    },
    get advanceHeight() {
      return run.advanceHeight;
    },
    get bbox() {
      return run.bbox;
    },
  };
}
