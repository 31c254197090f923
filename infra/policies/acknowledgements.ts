import type { Acknowledgement } from './acknowledgement.ts';

/** Every finding that stays. Sorted by stack; docs/aws/acknowledgements.md is made from it and from the report. */
export const acknowledgements: readonly Acknowledgement[] = [];
