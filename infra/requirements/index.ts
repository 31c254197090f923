import { accessRows } from './access.ts';
import { channelRows } from './channels.ts';
import { computeRows } from './compute.ts';
import { computeReleaseRows } from './compute-release.ts';
import { dataRows } from './data.ts';
import { dataRecoveryRows } from './data-recovery.ts';
import { deliveryRows } from './delivery.ts';
import { edgeRows } from './edge.ts';
import { evidenceRows } from './evidence.ts';
import { exposureRows } from './exposure.ts';
import { identityRows } from './identity.ts';
import { networkRows } from './network.ts';
import { objectRows } from './objects.ts';
import { observabilityRows } from './observability.ts';
import { operatorRows } from './operators.ts';
import type { Row } from './row.ts';
import { secretRows } from './secrets.ts';
import { temporalRows } from './temporal.ts';
import { temporalWorkersRows } from './temporal-workers.ts';
import { trailRows } from './trail.ts';

/** All rows, section by section. A section's file is added here by the one who writes it. */
export const rows: readonly Row[] = [
  ...accessRows,
  ...exposureRows,
  ...networkRows,
  ...objectRows,
  ...evidenceRows,
  ...secretRows,
  ...trailRows,
  ...deliveryRows,
  ...edgeRows,
  ...identityRows,
  ...channelRows,
  ...observabilityRows,
  ...computeRows,
  ...computeReleaseRows,
  ...operatorRows,
  ...dataRows,
  ...dataRecoveryRows,
  ...temporalRows,
  ...temporalWorkersRows,
];
