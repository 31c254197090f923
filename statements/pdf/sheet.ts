import type { Content } from './content.ts';
import type { Pdf } from './file.ts';
import type { Pen } from './pen.ts';
import type { Element } from './tags.ts';

/** What everything that draws on a page is given. `root` is the whole document for a screen reader. */
export type Sheet = { pdf: Pdf; pen: Pen; root: Element; content: Content };
