import { type Columns, cellStyle, columnsOf, detailStyle, strongStyle } from './columns.ts';
import { leading } from './page.ts';
import { paginate, type TablePage } from './paginate.ts';
import type { Pen } from './pen.ts';
import type { Row } from './rows.ts';
import type { Sheet } from './sheet.ts';
import { wrap, wrapJoined } from './wrap.ts';

/** Above and below the text of a row. */
export const padding = 3.5;
/** The heads of the columns, and the line below them. */
export const headHeight = 18;
/** Between a title and the amounts beside it. */
const titleGap = 6;

/** A row with its text broken into lines. */
export type PlacedRow = Row & { wrappedTitle: string[]; wrappedDetails: string[]; height: number };
/** A table that is laid out on pages, and not drawn. */
export type PlacedTable = { columns: Columns; rows: PlacedRow[]; pages: TablePage[] };

/** Lays the table out: it begins at `top` on the first page and at `otherTop` on the others, and ends above `bottom`. */
export function placeTable(
  { pen, content }: Sheet,
  { top, otherTop, bottom }: { top: number; otherTop: number; bottom: number },
): PlacedTable {
  const columns = columnsOf(content.table, pen);
  const rows = content.table.rows.map((row) => placeRow(row, columns, pen));
  const forward = content.table.forward === null ? 0 : leading(columns.size) + 2 * padding;
  const [first, other] = [bottom - top - headHeight, bottom - otherTop - headHeight];
  const heights = rows.map(({ height }) => height);
  return { columns, rows, pages: paginate(heights, { first, other, forward }) };
}

export function placeRow(row: Row, { size, title }: Columns, pen: Pen): PlacedRow {
  const width = title.width - titleGap;
  const wrappedTitle = wrap(row.title, width, { pen, style: row.isStrong ? strongStyle(size) : cellStyle(size) });
  const wrappedDetails = wrapJoined(row.details, width, { pen, style: detailStyle(size) });
  const height = wrappedTitle.length * leading(size) + wrappedDetails.length * leading(size - 1) + 2 * padding;
  return { ...row, wrappedTitle, wrappedDetails, height };
}
