import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { drawPdf } from '../../statements/pdf/draw.ts';
import { openFonts } from '../../statements/pdf/fonts.ts';
import { gallery } from '../support/fixtures/statement-gallery.ts';
import { root } from '../support/tree.ts';
import { profilesOf } from './verapdf.ts';

/**
 * Draws statements of the gallery (those that are named, else all) and asks veraPDF whether each is PDF/A-3a and PDF/UA-1, and one of them without
 * its marks, which must not be. Ends with 1 when anything is otherwise.
 */
const names = process.argv.slice(2);
const chosen = Object.entries(gallery).filter(([name]) => names.length === 0 || names.includes(name));
const folder = join(root, '.test/accessible-pdfs');
const fonts = openFonts();
rmSync(folder, { recursive: true, force: true });
mkdirSync(folder, { recursive: true });

const files: string[] = [];
for (const [name, make] of chosen) {
  const { pdf } = await drawPdf(make().bytes, fonts);
  files.push(write(name, pdf));
  if (files.length === 1) files.push(write('unmarked', unmarked(pdf)));
}
const profiles = await profilesOf(files);
const bad = files.filter((file) => {
  const passed = profiles.get(file)?.toSorted().join(' ') ?? '';
  return file.endsWith('unmarked.pdf') ? passed !== '' : passed !== '3a ua1';
});
for (const file of bad) console.error(`${file} passes ${profiles.get(file)?.join(', ') || 'nothing'}`);
console.log(`${files.length - 1} statements, and one without marks`);
process.exitCode = bad.length > 0 || files.length < 2 ? 1 : 0;

function write(name: string, pdf: Uint8Array): string {
  const file = join(folder, `${name}.pdf`);
  writeFileSync(file, pdf);
  return file;
}

/** The same file, which does not say that it is tagged: the shortest lie that both profiles refuse. */
function unmarked(pdf: Uint8Array): Uint8Array {
  const text = Buffer.from(pdf).toString('latin1');
  return Buffer.from(text.replace('/Marked true', '/Marked null'), 'latin1');
}
