import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { App, CloudFormationValidatePlugin, type IPolicyValidationPlugin, Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks, NIST80053R5Checks, PCIDSS321Checks } from 'cdk-nag';
import { guardRules } from './policies/guard-rules.ts';

/** Where the assembly is written, and whether the policy packs read it. */
export type AppOptions = {
  /** The folder of the assembly. Absent: the one that the CDK's command names. */
  folder?: string;
  /** CDK's own rules on CloudFormation always run; the three packs take most of the time of a synthesis. */
  packs?: boolean;
};

/**
 * The one way to make an app, for the CDK's command, the checks and the tests. The CDK's command hands an app the feature flags of
 * `cdk.json`; a program that makes an app by itself has none of them, and would check other templates than those that are deployed.
 */
export function createApp({ folder, packs = true }: AppOptions = {}): App {
  const app = new App({
    // The CDK's command writes into each resource where its construct stands; a program has to ask for it.
    context: { ...flags(), 'aws:cdk:enable-path-metadata': true },
    analyticsReporting: false,
    ...(folder !== undefined && { outdir: folder }),
  });
  Validations.of(app).addPlugins(
    new CloudFormationValidatePlugin({ guardRules: guardRules(), includeDefaultRules: true }),
    ...(packs ? packsOf(app) : []),
  );
  return app;
}

const packsOf = (app: App): IPolicyValidationPlugin[] => [
  new AwsSolutionsChecks(app),
  new PCIDSS321Checks(app),
  new NIST80053R5Checks(app),
];

function flags(): Record<string, unknown> {
  const { context }: { context: Record<string, unknown> } = JSON.parse(
    readFileSync(join(import.meta.dirname, 'cdk.json'), 'utf8'),
  );
  return context;
}
