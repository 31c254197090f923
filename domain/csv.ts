/** One value of a file. Numbers and ids are ours; a `text` is a client's, which a spreadsheet must not run as a formula. */
export type Cell = string | null | { text: string | null };

/** What a spreadsheet may take for the beginning of a formula, in half and full width. */
const formula = /^[=+\-@\t\r＝＋－＠]/;

/** One line of a file by RFC 4180: cells with commas, quotes or line ends are quoted, a line ends with CR LF. */
export const csvRecord = (cells: readonly Cell[]): string => `${cells.map(toField).join(',')}\r\n`;

function toField(cell: Cell): string {
  if (cell === null) return '';
  if (typeof cell === 'string') return quoted(cell);
  if (cell.text === null) return '';
  return quoted(formula.test(cell.text) ? `'${cell.text}` : cell.text);
}

const quoted = (text: string): string => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
