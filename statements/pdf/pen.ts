import type { Pdf } from './file.ts';
import type { Weight } from './fonts.ts';

export const colors = { ink: '#1b1f24', gray: '#57606a', rule: '#d0d7de', tint: '#f4f6f8', paper: '#ffffff' };

export type Style = { weight: Weight; size: number; color: string };
export type Place = { x: number; y: number };

/** Writes text where it is told, in one line. Nothing flows and nothing breaks by itself. */
export type Pen = {
  width(text: string, style: Style): number;
  write(text: string, at: Place, style: Style): void;
  /** `at.x` is where the text ends. */
  writeLeftOf(text: string, at: Place, style: Style): void;
  box(at: Place & { width: number; height: number }, color: string): void;
  rule(at: Place & { width: number }, color: string): void;
};

const ruleWidth = 0.6;

export function createPen(pdf: Pdf): Pen {
  const take = ({ weight, size }: Style): Pdf => pdf.font(weight).fontSize(size);
  const width: Pen['width'] = (text, style) => take(style).widthOfString(text);
  let color = '';
  // Each page begins without a colour.
  pdf.on('pageAdded', () => {
    color = '';
  });
  const fillWith = (next: string): void => {
    if (next !== color) pdf.fillColor(next);
    color = next;
  };
  const write: Pen['write'] = (text, { x, y }, style) => {
    fillWith(style.color);
    take(style).text(text, x, y, { lineBreak: false });
  };
  const box: Pen['box'] = (at, next) => {
    fillWith(next);
    pdf.rect(at.x, at.y, at.width, at.height).fill();
  };
  return {
    width,
    write,
    writeLeftOf: (text, { x, y }, style) => write(text, { x: x - width(text, style), y }, style),
    box,
    rule: (at, next) => box({ ...at, height: ruleWidth }, next),
  };
}
