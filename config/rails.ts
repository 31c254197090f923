import { z } from 'zod';
import type { NetworkName, RailTerms } from '../domain/rail.ts';
import { networks, type RailSettings } from '../rails/index.ts';
import { listOf, millis } from './forms.ts';

export type RailVariable = `RAIL_${string}`;

/** The terms that an installation may replace, of any rail. */
const termSettings = {
  requestTimeoutMs: millis.optional().meta({
    description: 'How long one request to the rail may take, in milliseconds. Absent: the terms of the rail.',
    examples: [10_000],
  }),
  leaseMarginMs: millis.optional().meta({
    description: 'Time to write an outcome before another may send. Absent: the terms of the rail.',
    examples: [5_000],
  }),
  quietPeriodMs: millis.optional().meta({
    description: 'How long after a lease an "absent" proves anything. Absent: the terms of the rail.',
    examples: [25_000],
  }),
  retryMs: millis.optional().meta({
    description: 'How long a transfer that was not taken waits. Absent: the terms of the rail.',
    examples: [2_000],
  }),
  inquiryWaitsMs: listOf(millis)
    .pipe(z.array(z.number()).min(1).max(20))
    .optional()
    .meta({
      description: 'Waits between inquiries, a comma list; the last repeats. Absent: the terms of the rail.',
      examples: ['1000,2000,5000'],
    }),
  breakerOpenMs: millis.optional().meta({
    description: 'How long the breaker stays open before a probe. Absent: the terms of the rail.',
    examples: [5_000],
  }),
} satisfies { [K in keyof RailTerms]?: z.ZodType<RailTerms[K] | undefined> };

/** The settings of every rail, from the registry: `RAIL_<NAME>_<SETTING>`. */
export const railVariables: Readonly<Record<RailVariable, z.ZodType>> = Object.fromEntries(
  networks.flatMap(({ name, settings }) =>
    Object.entries({ ...settings, ...termSettings }).map(([setting, schema]) => [variableOf(name, setting), schema]),
  ),
);

/** The values of each rail, by the names that its definition and its terms use. What is absent replaces nothing. */
export const groupRails = (read: Readonly<Record<string, unknown>>): Readonly<Record<NetworkName, RailSettings>> =>
  Object.fromEntries(
    networks.map(({ name, settings }) => [
      name,
      { settings: valuesOf(read, name, settings), terms: valuesOf(read, name, termSettings) },
    ]),
  );

function valuesOf(read: Readonly<Record<string, unknown>>, name: NetworkName, settings: object): Values {
  const values = Object.keys(settings).map((setting) => [setting, read[variableOf(name, setting)]] as const);
  // Each value is what its schema has read: of a term in `termSettings`, of any other setting in the definition.
  return Object.fromEntries(values.filter(([, value]) => value !== undefined)) as Values;
}

type Values = Partial<RailTerms> & Record<string, unknown>;

/** `inquiryWaitsMs` of the rail `wire` is RAIL_WIRE_INQUIRY_WAITS_MS. */
function variableOf(name: NetworkName, setting: string): RailVariable {
  return `RAIL_${name.toUpperCase()}_${setting.replaceAll(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase()}`;
}
