import type { Pdf } from './file.ts';

/** An element of the structure that a screen reader follows. */
export type Element = PDFKit.PDFStructureElement;

/** An element with elements in it. */
export function branch(pdf: Pdf, parent: Element, tag: string): Element {
  const element = pdf.struct(tag);
  parent.add(element);
  return element;
}

/** An element with what `draw` draws; without it an empty one, as a table has where a row has no value. */
export function leaf(pdf: Pdf, parent: Element, tag: string, draw?: () => void): void {
  parent.add(pdf.struct(tag, {}, draw ? [draw] : []));
}

/** The head of a column, or of a row. */
export function head(pdf: Pdf, parent: Element, scope: 'Column' | 'Row', draw: () => void): void {
  // Its types do not know the scope, which PDF/UA demands.
  const options: { scope: string; lang?: string } = { scope };
  parent.add(pdf.struct('TH', options, [draw]));
}

/** Draws what a screen reader leaves out: lines and fills, and what every page repeats. */
export function artifact(
  pdf: Pdf,
  type: 'Pagination' | 'Layout',
  ...draws: readonly ((() => void) | undefined)[]
): void {
  pdf.markContent('Artifact', { type });
  for (const draw of draws) draw?.();
  pdf.endMarkedContent();
}
