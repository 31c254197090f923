import { accessRows } from './access.ts';
import { exposureRows } from './exposure.ts';
import type { Row } from './row.ts';

/** All rows, section by section. A section's file is added here by the one who writes it. */
export const rows: readonly Row[] = [...accessRows, ...exposureRows];
