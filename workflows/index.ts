/** Every workflow under the name that Temporal knows it by: the entry of the bundle. Names never change (docs/how-to). */
export { delivery } from './notices/delivery.ts';
export { drain } from './transfers/dispatch.ts';
export { transferGroup } from './transfers/group.ts';
export { transfer } from './transfers/inquiry.ts';
export { housekeeping } from './upkeep/housekeeping.ts';
export { watch } from './upkeep/sweep.ts';
