import { at, type Json } from './json.ts';
import type { Synthesised } from './synthesised.ts';

/** What the distribution is. */
export const config = ({ only }: Synthesised): Json | undefined =>
  at(only('Edge', 'AWS::CloudFront::Distribution').properties, 'DistributionConfig');
