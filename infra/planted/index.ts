import { accessChanges } from './access.ts';
import type { Change } from './change.ts';
import { edgeChanges } from './edge.ts';
import { evidenceChanges } from './evidence.ts';
import { figureChanges } from './figures.ts';
import { foundationChanges } from './foundation.ts';
import { observabilityChanges } from './observability.ts';
import { partChanges } from './parts.ts';
import { rightChanges } from './rights.ts';
import { servicesChanges } from './services.ts';
import { settingChanges } from './settings.ts';

/** All planted changes, section by section. A section's file is added here by the one who writes it. */
export const changes: readonly Change[] = [
  ...accessChanges,
  ...edgeChanges,
  ...evidenceChanges,
  ...figureChanges,
  ...foundationChanges,
  ...observabilityChanges,
  ...partChanges,
  ...rightChanges,
  ...servicesChanges,
  ...settingChanges,
];
