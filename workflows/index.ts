/** Every workflow under the name that Temporal knows it by: the entry of the bundle. Names never change (docs/how-to). */
export { delivery } from './delivery.ts';
export { drain } from './drain.ts';
export { housekeeping } from './housekeeping.ts';
export { transfer } from './transfer.ts';
export { transferGroup } from './transfer-group.ts';
export { watch } from './watch.ts';
