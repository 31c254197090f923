import { readFileSync } from 'node:fs';
import { type App, AspectPriority, Aspects, CfnResource, Stack, type Stage, Tags } from 'aws-cdk-lib';
import { CfnManagedPolicy, CfnRole } from 'aws-cdk-lib/aws-iam';
import type { IConstruct } from 'constructs';
import { type Deployment, deploymentSchema, example } from './environment/deployment.ts';
import { development } from './environment/development.ts';
import { production } from './environment/production.ts';
import type { Environment } from './environment/schema.ts';
import { staging } from './environment/staging.ts';
import { boundaryNameOf, prefixOf } from './names.ts';
import { Platform } from './platform.ts';
import { acknowledge } from './policies/acknowledge.ts';

/** The three environments, by their names. */
export const environments: Readonly<Record<string, Environment>> = { development, staging, production };

/**
 * Places environments in an app: those of its context, with what belongs to all of their resources. Throws when the context names an
 * environment that does not exist, or a deployment that is not one.
 */
export function place(app: App, chosen = chosenIn(app), deployment = deploymentOf(app)): void {
  for (const environment of chosen) {
    const platform = new Platform(app, { environment, deployment });
    tag(platform, environment);
    bound(platform, environment, deployment);
    acknowledge(platform, environment, deployment);
  }
}

function chosenIn(app: App): Environment[] {
  const name: unknown = app.node.tryGetContext('environment');
  if (name === undefined) return Object.values(environments);
  const environment = environments[String(name)];
  if (environment === undefined)
    throw new Error(`There is no environment ${String(name)}. There are: ${Object.keys(environments).join(', ')}.`);
  return [environment];
}

function deploymentOf(app: App): Deployment {
  const file: unknown = app.node.tryGetContext('deployment');
  return file === undefined ? example : deploymentSchema.parse(JSON.parse(readFileSync(String(file), 'utf8')));
}

/** A tag of CloudFront's private origin cannot be changed while it is in use: the deployment fails (aws/aws-cdk#35765). */
const untaggable = ['AWS::CloudFront::VpcOrigin'];

function tag(platform: Stage, { name }: Environment): void {
  const tags = {
    'quittance:environment': name,
    'quittance:system': 'quittance',
    'quittance:owner': 'payments',
    'quittance:data-class': name === 'production' ? 'confidential' : 'test',
    'quittance:cost-centre': prefixOf(name),
  };
  for (const [key, value] of Object.entries(tags))
    Tags.of(platform).add(key, value, { excludeResourceTypes: untaggable });
}

/**
 * No role of an environment can do more than its boundary allows. It is named and not referred to, because Security has roles of its own
 * and stacks of other regions cannot refer to it; in Security the roles wait until it exists.
 */
function bound(platform: Stage, { name }: Environment, { account }: Deployment): void {
  const boundary = platform.node
    .findAll()
    .find(
      (node): node is CfnManagedPolicy =>
        node instanceof CfnManagedPolicy && node.managedPolicyName === boundaryNameOf(name),
    );
  if (boundary === undefined) throw new Error(`${name} has no managed policy ${boundaryNameOf(name)}.`);
  const arn = `arn:aws:iam::${account}:policy/${boundaryNameOf(name)}`;
  const visit = (node: IConstruct): void => {
    if (!CfnResource.isCfnResource(node) || node.cfnResourceType !== CfnRole.CFN_RESOURCE_TYPE_NAME) return;
    node.addPropertyOverride('PermissionsBoundary', arn);
    if (Stack.of(node) === Stack.of(boundary)) node.addResourceDependency(boundary);
  };
  Aspects.of(platform).add({ visit }, { priority: AspectPriority.MUTATING });
}
