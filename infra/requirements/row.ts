import type { Synthesised } from './synthesised.ts';

/** A requirement document (requirements 000 to 004), or the platform itself, which needs more than they ask. */
export type Source = '000' | '001' | '002' | '003' | '004' | 'platform';

/**
 * One requirement on AWS: what is asked, what is built, and the test that reads it from the synthesised templates. The list of rows is
 * docs/aws/requirements.md, and each is a test of its own for each environment.
 */
export type Row = {
  /** `network/cidr`: section and name. Stable: planted changes and documents name it. */
  id: string;
  source: readonly Source[];
  /** What the requirement asks, in our words. */
  requirement: string;
  /** What is built; where it is something stronger, why. */
  answer: string;
  /** What does not hold, in words; empty when all holds. Called for each environment. It reads templates and builds nothing. */
  check: (synthesised: Synthesised) => string[];
};
