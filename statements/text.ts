const blank = /[\s\p{Cc}\p{Zl}\p{Zp}]+/gu;
/** Direction marks and whatever else is drawn as nothing, halves of characters, and code points that are none. */
const hidden = /[\p{Cf}\p{Cs}\p{Default_Ignorable_Code_Point}\p{Noncharacter_Code_Point}]/gu;

/** A client's text as it can be printed in one line: composed, with plain spaces, and nothing that hides or turns around what is there. */
export const plainText = (text: string): string =>
  text.normalize('NFC').replaceAll(blank, ' ').replaceAll(hidden, '').trim();

/**
 * The same with a `?` for every character that the font cannot draw: an empty box could stand for anything, and a document with one is not
 * PDF/UA. `missing` counts them; the document itself keeps the text as it is.
 */
export function toDrawable(text: string, hasGlyph: (codePoint: number) => boolean): { text: string; missing: number } {
  let missing = 0;
  const drawable = Array.from(plainText(text), (character) => {
    if (hasGlyph(character.codePointAt(0) ?? 0)) return character;
    missing += 1;
    return '?';
  });
  return { text: drawable.join(''), missing };
}
