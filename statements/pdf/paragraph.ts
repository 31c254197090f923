import { leading } from './page.ts';
import type { Place, Style } from './pen.ts';
import type { Sheet } from './sheet.ts';
import { type Element, leaf } from './tags.ts';
import { wrap } from './wrap.ts';

/** `texts`: each begins a line, and is broken at `width`. `side`: of its place, where the text stands. */
export type Paragraph = Place & {
  texts: readonly string[];
  width: number;
  style: Style;
  tag?: 'H1' | 'P' | 'TD';
  parent?: Element;
  side?: 'right' | 'left';
};

/** Writes lines below each other as one element. Returns where they end; without text nothing is there. */
export function paragraph({ pdf, pen, root }: Sheet, { x, y, width, style, ...more }: Paragraph): number {
  const lines = more.texts.flatMap((text) => wrap(text, width, { pen, style }));
  if (lines.length === 0) return y;
  const write = more.side === 'left' ? pen.writeLeftOf : pen.write;
  leaf(pdf, more.parent ?? root, more.tag ?? 'P', () => {
    for (const [i, line] of lines.entries()) write(line, { x, y: y + i * leading(style.size) }, style);
  });
  return y + lines.length * leading(style.size);
}
