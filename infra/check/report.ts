import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';

/** A finding of a policy pack: on which construct, whether it was acknowledged, and how. */
export type Finding = {
  /** `AwsSolutions::AwsSolutions-S1`. */
  id: string;
  pack: string;
  severity: string;
  description: string;
  /** `production/Network/Vpc/Resource`. */
  path: string;
  /** The reason of its acknowledgement; null when there is none. */
  acknowledged: { id: string; reason: string } | null;
};

const violation = z.object({
  ruleName: z.string(),
  description: z.string(),
  severity: z.string().default('error'),
  violatingConstructs: z.array(z.object({ constructPath: z.string().default('') })),
});

const schema = z.object({
  pluginReports: z.array(
    z.object({
      pluginName: z.string(),
      conclusion: z.string(),
      metadata: z.record(z.string(), z.string()).nullish(),
      violations: z.array(violation).default([]),
      suppressedViolations: z
        .array(violation.extend({ acknowledgedId: z.string(), reason: z.string().optional() }))
        .default([]),
    }),
  ),
});

/**
 * Every finding in the report that a synthesis leaves in its assembly. A pack with nothing to say is not in it: that it ran is shown by
 * policies/bad-app.ts. Throws when a pack failed and reported nothing, which CDK passes over.
 */
export function readFindings(folder: string): Finding[] {
  const { pluginReports } = schema.parse(JSON.parse(readFileSync(join(folder, 'validation-report.json'), 'utf8')));
  return pluginReports.flatMap(({ pluginName: pack, conclusion, metadata, violations, suppressedViolations }) => {
    if (conclusion === 'failure' && violations.length === 0)
      throw new Error(`${pack} failed: ${JSON.stringify(metadata)}`);
    const of = (found: z.infer<typeof violation>, acknowledged: Finding['acknowledged']): Finding[] =>
      found.violatingConstructs.map(({ constructPath: path }) => ({
        id: idOf(pack, found.ruleName),
        pack,
        severity: found.severity,
        description: found.description,
        path,
        acknowledged,
      }));
    return [
      ...violations.flatMap((found) => of(found, null)),
      ...suppressedViolations.flatMap((found) => of(found, { id: found.acknowledgedId, reason: found.reason ?? '' })),
    ];
  });
}

/** Warnings of constructs have the name of their kind already. */
const idOf = (pack: string, rule: string): string =>
  rule.startsWith('Annotation::') ? rule : `${pack.replaceAll(' ', '-')}::${rule}`;
