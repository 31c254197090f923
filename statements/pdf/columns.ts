import { check } from '../../domain/check.ts';
import { page } from './page.ts';
import { colors, type Pen, type Style } from './pen.ts';
import type { Table } from './rows.ts';

/** Where the columns of a table stand, and how its text is set. An amount ends where its column does. */
export type Columns = {
  size: number;
  first: number;
  title: { x: number; width: number };
  amountEnds: number[];
};

const gap = 14;
/** In points: some forty characters of a description. */
const titleWidthMin = 150;
const sizes = [8, 7.5, 7, 6.5, 6, 5.5];

export const cellStyle = (size: number): Style => ({ weight: 'regular', size, color: colors.ink });
export const strongStyle = (size: number): Style => ({ weight: 'strong', size, color: colors.ink });
export const headStyle = (size: number): Style => ({ weight: 'strong', size: size - 0.5, color: colors.gray });
export const detailStyle = (size: number): Style => ({ weight: 'regular', size: size - 1, color: colors.gray });

/** Makes columns as wide as what stands in them, and the text as large as leaves the title enough. */
export function columnsOf(table: Table, pen: Pen): Columns {
  const all = sizes.map((size) => columnsIn(size, table, pen));
  const fitting = all.find(({ title }) => title.width >= titleWidthMin) ?? all.at(-1);
  check(fitting, 'there is a size');
  return fitting;
}

function columnsIn(size: number, { heads, rows }: Table, pen: Pen): Columns {
  const width = (head: string, texts: readonly string[]): number =>
    gap + Math.max(...[head, longest(texts)].map((text) => pen.width(text, strongStyle(size))));
  const widths = heads.amounts.map((head, i) =>
    width(
      head,
      rows.map(({ amounts }) => amounts[i] ?? ''),
    ),
  );
  const amountEnds = widths.map((_, i) => page.right - sum(widths.slice(i + 1)));
  const x =
    page.left +
    width(
      heads.first,
      rows.map(({ first }) => first),
    );
  return { size, first: page.left, title: { x, width: page.right - sum(widths) - x }, amountEnds };
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0);

/** Digits are all of one width, so the longest text is the widest. */
const longest = (texts: readonly string[]): string =>
  texts.reduce((found, text) => (text.length > found.length ? text : found), '');
