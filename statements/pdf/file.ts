import Pdfkit from 'pdfkit';
import type { StatementDocument } from '../schema.ts';
import { type Fonts, weights } from './fonts.ts';
import { keywordsOf } from './keyword.ts';
import { accessibleMetadata } from './metadata.ts';
import { page } from './page.ts';

export type Pdf = PDFKit.PDFDocument;
/** A document with the bytes that it was read from, and their hash. */
export type Source = { document: StatementDocument; bytes: Uint8Array; sha256: string };

/**
 * An empty PDF that is PDF/A-3a and PDF/UA-1, with the document inside. Every date and the file's id come from the document, so the
 * same document becomes the same file.
 */
export function openFile(
  { document, bytes, sha256 }: Source,
  { title, fonts, compress }: { title: string; fonts: Fonts; compress: boolean },
): Pdf {
  const issued = new Date(document.issued_at);
  const pdf = new Pdfkit({
    size: [page.width, page.height],
    margin: 0,
    autoFirstPage: false,
    compress,
    // Without the name of a font pdfkit opens Helvetica, which cannot be embedded.
    font: '',
    pdfVersion: '1.7',
    subset: 'PDF/A-3a',
    tagged: true,
    lang: document.locale,
    displayTitle: true,
    info: {
      // pdfkit writes these into XML as they are, so no text of a client stands here.
      ...{ Title: title, Keywords: keywordsOf(sha256) },
      ...{ Producer: 'Quittance', Creator: 'Quittance', CreationDate: issued, ModDate: issued },
    },
  });
  // Its types know a font only as bytes, which it would parse again.
  for (const weight of weights) Reflect.apply(pdf.registerFont, pdf, [weight, fonts[weight]]);
  pdf.appendXML(accessibleMetadata);
  const attachment = {
    ...{ name: 'statement.json', type: 'application/json', description: title, relationship: 'Data' },
    ...{ creationDate: issued, modifiedDate: issued },
  };
  pdf.file(Buffer.from(bytes), attachment);
  return pdf;
}
