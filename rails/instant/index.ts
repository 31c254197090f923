import { z } from 'zod';
import { defineRail } from '../definition.ts';
import { createInstantRail } from './rail.ts';
import { instantTerms } from './terms.ts';

/** Transfers to a US bank account within seconds, at any hour: JSON over HTTP with the bank that `url` names. */
export const instant = defineRail({
  name: 'instant',
  kind: 'message',
  terms: instantTerms,
  termsVersion: 2,
  settings: {
    url: z
      .url({ protocol: /^https?$/, error: 'must be a URL' })
      .default('http://127.0.0.1:4010/instant')
      .meta({ description: 'Where the instant rail is; on a laptop, the simulator.' }),
  },
  destinations: ['us_account'],
  create: ({ url }, { concurrency }) => createInstantRail({ url, concurrency }),
});
