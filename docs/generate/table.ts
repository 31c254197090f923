/** What stands at the top of every generated document, so that nobody edits one by hand. */
export const madeFrom = (source: string): string =>
  `<!-- Made from ${source} by \`npm run generate\`. Do not edit. -->\n`;

/** A markdown table. A `|` inside a cell is escaped; line breaks become spaces. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.map(cell).join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line), ''].join('\n');
}

/** Milliseconds as people say them: `90 s`, `24 h`. */
export function duration(ms: number): string {
  const units = [
    ['d', 86_400_000],
    ['h', 3_600_000],
    ['min', 60_000],
    ['s', 1_000],
  ] as const;
  const fits = units.find(([, size]) => ms >= size && ms % size === 0);
  return fits ? `${ms / fits[1]} ${fits[0]}` : `${ms} ms`;
}

function cell(text: string): string {
  return text
    .replaceAll(/\s*\n\s*/g, ' ')
    .replaceAll('|', '\\|')
    .trim();
}
