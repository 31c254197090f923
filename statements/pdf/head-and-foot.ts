import { leading, page } from './page.ts';
import { colors, type Style } from './pen.ts';
import type { Sheet } from './sheet.ts';
import { artifact } from './tags.ts';
import { shorten, wrap } from './wrap.ts';

/** What every page repeats. A screen reader has it from the first page. */
const small: Style = { weight: 'regular', size: 7, color: colors.gray };
const width = page.right - page.left;
const pageNumberWidth = 90;
const gap = 20;

/** Where the table begins on the pages after the first. */
export const otherTop = 72;

/** Where the footer begins: it is as high as its text. */
export const footerTop = (sheet: Sheet): number => page.bottom - (inquiryLines(sheet).length - 1) * leading(small.size);

/** At the top of the pages after the first: whose statement of what this page is one of. The right side is whole, the left is shortened. */
export function drawRunningHead({ pdf, pen, content }: Sheet): void {
  const { brand, title, period, holder, details } = content;
  const labels = details.slice(0, 2).map(({ label, value }) => `${label} ${value}`);
  const rows: { left: string; right: string; y: number; style: Style }[] = [
    {
      ...{ left: brand.name, right: `${title} · ${period}`, y: 37 },
      style: { weight: 'strong', size: 10, color: brand.accent },
    },
    { left: holder, right: labels.join(' · '), y: 50, style: small },
  ];
  const drawRow = ({ left, right, y, style }: (typeof rows)[number]) => {
    const text = shorten(left, width - pen.width(right, small) - gap, { pen, style });
    // Both stand on one base.
    pen.write(text, { x: page.left, y: y - style.size + small.size }, style);
    pen.writeLeftOf(right, { x: page.right, y }, small);
  };
  artifact(pdf, 'Pagination', ...rows.map((row) => () => drawRow(row)));
}

/** At the end of every page: whom to ask, which document this is, and which page of how many. */
export function drawFooter(sheet: Sheet, n: number, of: number): void {
  const { pdf, pen, content } = sheet;
  const lines = inquiryLines(sheet);
  const y = footerTop(sheet) + 6;
  artifact(pdf, 'Pagination', () => {
    pen.rule({ x: page.left, y: y - 6, width }, colors.rule);
    for (const [i, line] of lines.entries()) pen.write(line, { x: page.left, y: y + i * leading(small.size) }, small);
    pen.writeLeftOf(content.footer.page(n, of), { x: page.right, y }, small);
    pen.write(content.footer.document, { x: page.left, y: y + lines.length * leading(small.size) }, small);
  });
}

const inquiryLines = ({ pen, content }: Sheet): string[] =>
  wrap(content.footer.inquiry, width - pageNumberWidth, { pen, style: small });
