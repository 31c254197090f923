import { type Columns, cellStyle, detailStyle, headStyle, strongStyle } from './columns.ts';
import { leading, page } from './page.ts';
import type { TablePage } from './paginate.ts';
import { colors } from './pen.ts';
import type { Sheet } from './sheet.ts';
import { headHeight, type PlacedRow, type PlacedTable, padding, placeRow } from './table.ts';
import { artifact, branch, type Element, head, leaf } from './tags.ts';

/** The table and its body for a screen reader, whatever pages it is on. */
export type TableElements = { table: Element; body: Element };

/** Begins the table with its heads, at the top of its first page. Returns what its rows belong to. */
export function beginTable(sheet: Sheet, { columns }: PlacedTable, top: number): TableElements {
  const { pdf, root } = sheet;
  const table = branch(pdf, root, 'Table');
  const row = branch(pdf, branch(pdf, table, 'THead'), 'TR');
  for (const draw of headCells(sheet, columns, top)) head(pdf, row, 'Column', draw);
  drawRule(sheet, top + headHeight, colors.gray);
  return { table, body: branch(pdf, table, 'TBody') };
}

/** Draws the rows of one page. Pages after the first repeat the heads, which a screen reader has read. */
export function drawRows(
  sheet: Sheet,
  { columns, rows }: PlacedTable,
  { part, top, body }: { part: TablePage; top: number; body: Element },
): void {
  const { pdf } = sheet;
  const { forward } = sheet.content.table;
  if (!part.isFirst) {
    artifact(pdf, 'Pagination', ...headCells(sheet, columns, top));
    drawRule(sheet, top + headHeight, colors.gray);
  }
  let y = top + headHeight;
  const drawForward = (title: string, of: PlacedRow | undefined): void => {
    const amounts = of?.amounts.map((amount, i, all) => (i === all.length - 1 ? amount : '')) ?? [];
    const row = placeRow({ first: '', title, details: [], amounts, isStrong: true }, columns, sheet.pen);
    artifact(pdf, 'Pagination', ...cellsOf(sheet, { row, columns, y }));
    y = drawRule(sheet, y + row.height, colors.rule);
  };
  if (!part.isFirst && forward) drawForward(forward.brought, rows[part.from - 1]);
  for (const row of rows.slice(part.from, part.to)) {
    const element = branch(pdf, body, 'TR');
    for (const draw of cellsOf(sheet, { row, columns, y })) leaf(pdf, element, 'TD', draw);
    element.end();
    y = drawRule(sheet, y + row.height, colors.rule);
  }
  if (!part.isLast && forward) drawForward(forward.carried, rows[part.to - 1]);
}

function headCells({ pen, content }: Sheet, { size, first, title, amountEnds }: Columns, top: number): (() => void)[] {
  const { heads } = content.table;
  const [y, style] = [top + 4, headStyle(size)];
  return [
    () => pen.write(heads.first, { x: first, y }, style),
    () => pen.write(heads.title, { x: title.x, y }, style),
    ...amountEnds.map((x, i) => () => pen.writeLeftOf(heads.amounts[i] ?? '', { x, y }, style)),
  ];
}

/** What draws each cell of a row; nothing for a cell without a value. */
function cellsOf(
  { pen }: Sheet,
  { row, columns, y }: { row: PlacedRow; columns: Columns; y: number },
): ((() => void) | undefined)[] {
  const { size, first, title, amountEnds } = columns;
  const style = row.isStrong ? strongStyle(size) : cellStyle(size);
  const top = y + padding;
  const drawTitle = () => {
    for (const [i, line] of row.wrappedTitle.entries())
      pen.write(line, { x: title.x, y: top + i * leading(size) }, style);
    const below = top + row.wrappedTitle.length * leading(size);
    for (const [i, line] of row.wrappedDetails.entries())
      pen.write(line, { x: title.x, y: below + i * leading(size - 1) }, detailStyle(size));
  };
  return [
    row.first === '' ? undefined : () => pen.write(row.first, { x: first, y: top }, style),
    drawTitle,
    ...row.amounts.map((amount, i) => {
      const x = amountEnds[i];
      return amount === '' || x === undefined ? undefined : () => pen.writeLeftOf(amount, { x, y: top }, style);
    }),
  ];
}

function drawRule({ pdf, pen }: Sheet, y: number, color: string): number {
  artifact(pdf, 'Layout', () => pen.rule({ x: page.left, y, width: page.right - page.left }, color));
  return y;
}
