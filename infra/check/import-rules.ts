import type { IForbiddenRuleType } from 'dependency-cruiser';

const ours = { path: '^infra/', pathNot: '\\.test\\.ts$' };

/** What infra/ may import of the rest: rows of the table in .dependency-cruiser.ts, for a folder that is no part of the product. */
export const infraRules = (product: readonly string[]): IForbiddenRuleType[] => [
  {
    name: 'infra-values',
    comment:
      'infra/ knows of the platform its tables (settings, routes, refusals, alarms) and nothing that runs. A test beside it may compare more.',
    severity: 'error',
    from: ours,
    to: {
      path: `^(${product.join('|')})/`,
      pathNot: '^(config/|telemetry/alarms/|api/(routes|open-paths|http/refusals)\\.ts$)',
      dependencyTypesNot: ['type-only'],
    },
  },
  {
    name: 'infra-packages',
    comment: 'infra/ is a package of its own with four packages. Another one needs a decision record.',
    severity: 'error',
    from: ours,
    to: {
      path: 'node_modules/',
      pathNot: 'node_modules/(aws-cdk-lib|cdk-nag|constructs|zod)/',
      dependencyTypesNot: ['type-only'],
    },
  },
];
