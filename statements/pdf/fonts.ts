import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { create, type Font } from 'fontkit';
import { check } from '../../domain/check.ts';
import { shapePlainly } from './shaping.ts';

export const weights = ['regular', 'strong'] as const;
export type Weight = (typeof weights)[number];
export type Fonts = Record<Weight, Font> & { hasGlyph: (codePoint: number) => boolean };

const { resolve } = createRequire(import.meta.url);
// Whole families, because the web's are cut into a file for each script.
const files: Record<Weight, string> = {
  regular: '@expo-google-fonts/noto-sans/400Regular/NotoSans_400Regular.ttf',
  strong: '@expo-google-fonts/noto-sans/600SemiBold/NotoSans_600SemiBold.ttf',
};

/** Scripts whose letters stay as they are beside each other: of others what is drawn and what is read aloud would differ. */
const plainScripts =
  /(?![\p{C}\p{Default_Ignorable_Code_Point}])[\p{Script=Latin}\p{Script=Greek}\p{Script=Cyrillic}\p{Script=Common}\p{Script=Inherited}]/u;

/** Reads and parses both weights of Noto Sans: Latin, Greek, Cyrillic. Once for each thread; a document takes a subset of them. */
export function openFonts(): Fonts {
  const [regular, strong] = [open(files.regular), open(files.strong)];
  const drawable = new Set(
    regular.characterSet.filter((codePoint) => plainScripts.test(String.fromCodePoint(codePoint))),
  );
  return { regular, strong, hasGlyph: (codePoint) => drawable.has(codePoint) };
}

function open(file: string): Font {
  const font = create(readFileSync(resolve(file)));
  check('createSubset' in font, `${file} is a font, and no collection`);
  return shapePlainly(font);
}
