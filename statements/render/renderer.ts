import packageJson from '../../package.json' with { type: 'json' };
import { formatsVersion } from '../formats/locales.ts';

/** Raised with every change of what a PDF looks like or how it is tagged (statements/pdf). */
const templateVersion = 1;

const { pdfkit, fontkit, '@expo-google-fonts/noto-sans': font } = packageJson.dependencies;

/**
 * Everything that decides the bytes of a PDF besides its document: with one renderer equal documents make equal bytes. The compression of Node
 * differs between versions and processors.
 */
export const renderer = [
  ...[`template/${templateVersion}`, `formats/${formatsVersion}`],
  ...[`pdfkit/${pdfkit}`, `fontkit/${fontkit}`, `noto-sans/${font}`],
  ...[`node/${process.versions.node}-${process.arch}`, `zlib/${process.versions.zlib}`],
].join(' ');
