import type { NetworkName, Rail, RailTerms } from '../domain/rail.ts';
import { createInstantRail } from './instant/rail.ts';

/** Where each rail is, and terms that differ from its own (tests pass milliseconds). */
export type RailsConfig = Record<NetworkName, { url: string; terms?: Partial<RailTerms> }>;

/** Every network by its name. A new rail is a new folder and one line here. */
export const createRails = (config: RailsConfig): Record<NetworkName, Rail> => ({
  instant: createInstantRail(config.instant),
});
