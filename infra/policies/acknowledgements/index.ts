import type { Acknowledgement } from '../acknowledgement.ts';
import { edge } from './edge.ts';
import { everywhere } from './everywhere.ts';
import { foundation } from './foundation.ts';
import { programs } from './programs.ts';

/** Every finding that stays; docs/aws/acknowledgements.md is made from it and from the report. */
export const acknowledgements: readonly Acknowledgement[] = [...everywhere, ...foundation, ...programs, ...edge];
