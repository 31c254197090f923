/** What stands on one page of a table: rows from `from` up to `to`, and whether the table goes on before and after them. */
export type TablePage = { from: number; to: number; isFirst: boolean; isLast: boolean };

/**
 * Puts rows of these heights on pages. A page that is not the first begins with a row of `forward` height, and one that is not the last ends with
 * one. A page has a row at least, so a row that is higher than a page would leave it: texts are shorter than that.
 */
export function paginate(
  heights: readonly number[],
  { first, other, forward }: { first: number; other: number; forward: number },
): TablePage[] {
  const pages: TablePage[] = [];
  let from = 0;
  while (from < heights.length || pages.length === 0) {
    const isFirst = pages.length === 0;
    const to = endOf(heights, from, { room: isFirst ? first : other - forward, forward });
    pages.push({ from, to, isFirst, isLast: to === heights.length });
    from = to;
  }
  return pages;
}

/** The row before which a page ends. */
function endOf(heights: readonly number[], from: number, { room, forward }: { room: number; forward: number }): number {
  let [to, used] = [from, 0];
  for (const height of heights.slice(from)) {
    const after = to + 1 === heights.length ? 0 : forward;
    if (to > from && used + height + after > room) break;
    used += height;
    to += 1;
  }
  return to;
}
