import { inflateSync } from 'node:zlib';
import { check } from '../../domain/check.ts';

/** A second reading of a PDF of ours, by other means than made it. */
type PdfParts = { pages: number; attachment: Buffer; bytes: string };

/** How many pages a PDF has, the file inside it, and all of it as text for searches. Throws where it has no file inside. */
export function readPdf(pdf: Uint8Array): PdfParts {
  const bytes = Buffer.from(pdf).toString('latin1');
  const pages = [...bytes.matchAll(/\/Type \/Page\n/g)].length;
  const found = /\/Type \/EmbeddedFile\n[\s\S]*?\/Length (\d+)[\s\S]*?>>\nstream\n/.exec(bytes);
  check(found, 'no file inside');
  const start = found.index + found[0].length;
  const stream = Buffer.from(bytes.slice(start, start + Number(found[1])), 'latin1');
  return { pages, attachment: inflateSync(stream), bytes };
}
