import { page } from './page.ts';
import { paragraph } from './paragraph.ts';
import { colors, type Style } from './pen.ts';
import type { Sheet } from './sheet.ts';
import { artifact, branch, head } from './tags.ts';
import { sizeFor } from './wrap.ts';

/** The right half of the head begins here: the address of the tenant, below it the details of the account. */
const half = 330;
const gap = 24;
const barHeight = 5;
const small: Style = { weight: 'regular', size: 8, color: colors.gray };

/** Draws who writes to whom about what, at the top of the first page. Returns where it ends. */
export function drawHead(sheet: Sheet): number {
  const { pdf, pen, content } = sheet;
  const { name, address, accent } = content.brand;
  artifact(pdf, 'Layout', () => pen.box({ x: 0, y: 0, width: page.width, height: barHeight }, accent));
  const brand: Style = { weight: 'strong', size: 16, color: accent };
  const afterName = paragraph(sheet, { ...left, y: page.top - 4, texts: [name], style: brand });
  const afterAddress = paragraph(sheet, {
    ...{ x: page.right, y: page.top, width: page.right - half, side: 'left' },
    ...{ texts: address, style: small },
  });
  const y = Math.max(afterName, afterAddress) + 26;
  return Math.max(drawTitle(sheet, y), drawDetails(sheet, y)) + 16;
}

const left = { x: page.left, width: half - page.left - gap };

function drawTitle(sheet: Sheet, top: number): number {
  const { title, period, holder } = sheet.content;
  const titleStyle: Style = { weight: 'strong', size: 20, color: colors.ink };
  const size = sizeFor([title], [20, 18, 16, 14], { pen: sheet.pen, style: titleStyle, width: left.width });
  const y = paragraph(sheet, {
    ...{ ...left, y: top - 6, tag: 'H1', texts: [title] },
    style: { ...titleStyle, size },
  });
  const afterPeriod = paragraph(sheet, {
    ...{ ...left, y: y + 2, texts: [period] },
    style: { weight: 'regular', size: 11, color: colors.gray },
  });
  return paragraph(sheet, {
    ...{ ...left, y: afterPeriod + 16, texts: [holder] },
    style: { weight: 'strong', size: 11, color: colors.ink },
  });
}

/** A table for a screen reader: each row has its head, and one value. */
function drawDetails(sheet: Sheet, top: number): number {
  const { pdf, pen, root, content } = sheet;
  const labelWidth = Math.max(...content.details.map(({ label }) => pen.width(label, small))) + 12;
  const table = branch(pdf, root, 'Table');
  let y = top;
  for (const { label, value } of content.details) {
    const [row, from] = [branch(pdf, table, 'TR'), y];
    head(pdf, row, 'Row', () => pen.write(label, { x: half, y: from }, small));
    y = paragraph(sheet, {
      ...{ parent: row, tag: 'TD', texts: [value], style: { ...small, color: colors.ink } },
      ...{ x: half + labelWidth, y: from, width: page.right - half - labelWidth },
    });
    row.end();
    y += 2.5;
  }
  table.end();
  return y;
}
