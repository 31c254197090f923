import { buffer } from 'node:stream/consumers';
import { sha256Of } from '../document.ts';
import { parseDocument } from '../schema.ts';
import { toDrawable } from '../text.ts';
import { contentOf } from './content.ts';
import { beginTable, drawRows } from './draw-table.ts';
import { openFile } from './file.ts';
import type { Fonts } from './fonts.ts';
import { drawHead } from './head.ts';
import { drawFooter, drawRunningHead, footerTop, otherTop } from './head-and-foot.ts';
import { createPen } from './pen.ts';
import type { Sheet } from './sheet.ts';
import { drawSummary } from './summary.ts';
import { placeTable } from './table.ts';

/** A PDF, and how many characters of its document no font of ours can draw: a `?` stands for each. */
export type Drawn = { pdf: Uint8Array; missingGlyphs: number };

/**
 * Draws the PDF of a document. Equal bytes make equal bytes, with one renderer (statements/render/renderer.ts). Throws a Bug for what is no
 * document of a statement.
 */
export async function drawPdf(
  bytes: Uint8Array,
  fonts: Fonts,
  { compress = true }: { compress?: boolean } = {},
): Promise<Drawn> {
  const document = parseDocument(bytes);
  const sha256 = sha256Of(bytes);
  let missingGlyphs = 0;
  const drawable = (text: string): string => {
    const drawn = toDrawable(text, fonts.hasGlyph);
    missingGlyphs += drawn.missing;
    return drawn.text;
  };
  const content = contentOf(document, sha256, drawable);
  const title = `${content.title}, ${document.account.id}, ${content.period}`;
  const pdf = openFile({ document, bytes, sha256 }, { title, fonts, compress });
  const written = buffer(pdf);
  pdf.addPage();
  const root = pdf.struct('Document');
  pdf.addStructure(root);
  drawPages({ pdf, root, content, pen: createPen(pdf) });
  pdf.end();
  return { pdf: await written, missingGlyphs };
}

function drawPages(sheet: Sheet): void {
  const { pdf } = sheet;
  const top = drawSummary(sheet, drawHead(sheet));
  const placed = placeTable(sheet, { top, otherTop, bottom: footerTop(sheet) - 8 });
  const { table, body } = beginTable(sheet, placed, top);
  for (const [i, part] of placed.pages.entries()) {
    if (!part.isFirst) {
      pdf.addPage();
      drawRunningHead(sheet);
    }
    drawRows(sheet, placed, { part, top: part.isFirst ? top : otherTop, body });
    drawFooter(sheet, i + 1, placed.pages.length);
  }
  table.end();
}
