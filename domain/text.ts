/**
 * Signs that Unicode counts as format characters and a reader needs: the joiners of Indic and Persian script and of emoji, and the
 * signs that stand around numbers in Arabic and Syriac.
 */
const wantedFormats = '\\u200c\\u200d\\u0600-\\u0605\\u06dd\\u070f\\u0890\\u0891\\u08e2\\u{110bd}\\u{110cd}';

// Control characters and line separators break files and logs, halves of characters break UTF-8; direction marks and other
// format characters make a text read as another one.
const forbidden = new RegExp(
  `[\\p{Cc}\\p{Cs}\\p{Zl}\\p{Zp}\\p{Noncharacter_Code_Point}]|(?![${wantedFormats}])\\p{Cf}`,
  'u',
);

// Not white space, nor a mark that shows only with another character, nor what is drawn as nothing (U+2800 is an empty pattern).
const visible = /[^\s\p{Default_Ignorable_Code_Point}\p{M}\u2800]/u;

/** Whether a text has nothing that breaks a file, a log or the database, or that misleads a reader. */
export const isPlain = (text: string): boolean => !forbidden.test(text);

/** Whether a reader sees something. */
export const isVisible = (text: string): boolean => visible.test(text);
