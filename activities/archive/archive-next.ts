import { cancellationSignal } from '@temporalio/activity';
import type { ArchiveNextResult } from '../../workflows/contract/steps.ts';
import type { ArchiveDeps } from './deps.ts';
import { archiveRound } from './round.ts';

/** Archives what was committed since the last segment. Ends early when this process stops: what is begun is finished by the next worker. */
export const archiveNext = (deps: ArchiveDeps) => (): Promise<ArchiveNextResult> =>
  archiveRound(deps, AbortSignal.any([cancellationSignal(), deps.stopping]));
