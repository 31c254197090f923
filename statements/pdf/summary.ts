import { leading, page } from './page.ts';
import { paragraph } from './paragraph.ts';
import { colors, type Style } from './pen.ts';
import type { Sheet } from './sheet.ts';
import { artifact, branch, head, leaf } from './tags.ts';
import { sizeFor, wrap } from './wrap.ts';

const inner = 10;
const bandHeight = 52;
const width = page.right - page.left;
const labelStyle: Style = { weight: 'regular', size: 7.5, color: colors.gray };
const amountStyle: Style = { weight: 'strong', size: 12, color: colors.ink };
const noteStyle: Style = { weight: 'regular', size: 8.5, color: colors.ink };
const amountSizes = [12, 11, 10, 9, 8, 7, 6];

/** Draws the four figures of the period in a band, and what has to be said about them. Returns where it ends. */
export function drawSummary(sheet: Sheet, top: number): number {
  const { mark, notes } = sheet.content;
  const afterBand = drawBand(sheet, mark === null ? top : drawMark(sheet, mark, top) + 12);
  const lines = { ...{ x: page.left, y: afterBand + 10, width }, texts: notes, style: noteStyle };
  return paragraph(sheet, lines) + 10;
}

/** In a frame of the accent's colour: an interim statement must not be taken for a numbered one. */
function drawMark(sheet: Sheet, text: string, top: number): number {
  const { pdf, pen, content } = sheet;
  const place = { x: page.left + inner, y: top + 6, width: width - 2 * inner };
  const height = wrap(text, place.width, { pen, style: noteStyle }).length * leading(noteStyle.size) + 12;
  artifact(pdf, 'Layout', () => {
    pen.box({ x: page.left, y: top, width, height }, content.brand.accent);
    pen.box({ x: page.left + 1, y: top + 1, width: width - 2, height: height - 2 }, colors.paper);
  });
  paragraph(sheet, { ...place, texts: [text], style: noteStyle });
  return top + height;
}

function drawBand({ pdf, pen, root, content }: Sheet, top: number): number {
  artifact(pdf, 'Layout', () => {
    pen.box({ x: page.left, y: top, width, height: bandHeight }, colors.tint);
    pen.box({ x: page.left, y: top, width: 2.5, height: bandHeight }, content.brand.accent);
  });
  const cellWidth = width / content.summary.length;
  const cells = content.summary.map((cell, i) => ({ ...cell, x: page.left + i * cellWidth + inner }));
  const amounts = cells.map(({ amount }) => amount);
  const size = sizeFor(amounts, amountSizes, { pen, style: amountStyle, width: cellWidth - inner - 4 });
  const table = branch(pdf, root, 'Table');
  const heads = branch(pdf, branch(pdf, table, 'THead'), 'TR');
  for (const { x, label } of cells) head(pdf, heads, 'Column', () => pen.write(label, { x, y: top + 8 }, labelStyle));
  const values = branch(pdf, branch(pdf, table, 'TBody'), 'TR');
  for (const { x, amount, note } of cells)
    leaf(pdf, values, 'TD', () => {
      pen.write(amount, { x, y: top + 27 - size * 0.65 }, { ...amountStyle, size });
      if (note !== '') pen.write(note, { x, y: top + 37 }, labelStyle);
    });
  table.end();
  return top + bandHeight;
}
