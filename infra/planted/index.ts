import { accessChanges } from './access.ts';
import type { Change } from './change.ts';

/** All planted changes, section by section. A section's file is added here by the one who writes it. */
export const changes: readonly Change[] = [...accessChanges];
