import { check } from '../../domain/check.ts';
import type { Pen, Style } from './pen.ts';

/** Breaks a text into lines between words, and within a word that is longer than a line. No text: no line. */
export function wrap(text: string, width: number, { pen, style }: { pen: Pen; style: Style }): string[] {
  const fits = (line: string): boolean => pen.width(line, style) <= width;
  if (text === '') return [];
  if (fits(text)) return [text];
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    const longer = line === '' ? word : `${line} ${word}`;
    if (fits(longer)) {
      line = longer;
      continue;
    }
    if (line !== '') lines.push(line);
    const pieces = fits(word) ? [word] : inPieces(word, fits);
    line = pieces.pop() ?? '';
    lines.push(...pieces);
  }
  return [...lines, line];
}

/** Several texts, with a dot between those that stand in one line. */
export function wrapJoined(texts: readonly string[], width: number, setting: { pen: Pen; style: Style }): string[] {
  const lines: string[] = [];
  for (const text of texts) {
    const joined = `${lines.at(-1) ?? ''} · ${text}`;
    if (lines.length > 0 && setting.pen.width(joined, setting.style) <= width) lines[lines.length - 1] = joined;
    else lines.push(...wrap(text, width, setting));
  }
  return lines;
}

/** As much of a text as fits, with an ellipsis for the rest. */
export function shorten(text: string, width: number, { pen, style }: { pen: Pen; style: Style }): string {
  if (pen.width(text, style) <= width) return text;
  const [first = ''] = inPieces(text, (piece) => pen.width(`${piece}…`, style) <= width);
  return `${first.trimEnd()}…`;
}

/** The largest of these sizes, from large to small, in which every text fits. The smallest if none does. */
export function sizeFor(
  texts: readonly string[],
  sizes: readonly number[],
  { pen, style, width }: { pen: Pen; style: Style; width: number },
): number {
  const fitting = sizes.find((size) => texts.every((text) => pen.width(text, { ...style, size }) <= width));
  const smallest = fitting ?? sizes.at(-1);
  check(smallest !== undefined, 'there is a size');
  return smallest;
}

/** A mark stays with the letter that it belongs to. */
const letters = /\P{M}\p{M}*|\p{M}+/gu;

function inPieces(word: string, fits: (piece: string) => boolean): string[] {
  const pieces = [''];
  for (const letter of word.match(letters) ?? []) {
    const longer = `${pieces.at(-1) ?? ''}${letter}`;
    if (longer === letter || fits(longer)) pieces[pieces.length - 1] = longer;
    else pieces.push(letter);
  }
  return pieces;
}
