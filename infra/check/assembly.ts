import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { type Deployment, example } from '../environment/deployment.ts';
import { development } from '../environment/development.ts';
import { production } from '../environment/production.ts';
import type { Environment } from '../environment/schema.ts';
import { staging } from '../environment/staging.ts';
import type { Assembly, StackTemplate } from '../requirements/synthesised.ts';

/** The folder of the assembly that the tests read: `infra:check` and the set-up of jest's project say it. */
export function assemblyFolder(): string {
  const folder = process.env['INFRA_ASSEMBLY'];
  if (folder === undefined)
    throw new Error('INFRA_ASSEMBLY names no folder: run `npm run jest -- --selectProjects infra`.');
  return folder;
}

/** The three environments as they were synthesised, with the example's deployment. */
export const readAssemblies = (folder: string = assemblyFolder()): Assembly[] =>
  [development, staging, production].map((environment) => readAssembly(folder, environment, example));

/** One environment as it was synthesised with a deployment. */
export const readAssembly = (folder: string, environment: Environment, deployment: Deployment): Assembly => ({
  environment,
  deployment,
  stacks: readStacks(join(folder, `assembly-${environment.name}`), environment),
});

const manifestSchema = z.object({
  artifacts: z.record(
    z.string(),
    z.object({
      type: z.string(),
      environment: z.string().optional(),
      displayName: z.string().optional(),
      properties: z
        .object({
          templateFile: z.string().optional(),
          stackName: z.string().optional(),
          terminationProtection: z.boolean().optional(),
        })
        .optional(),
    }),
  ),
});

/** The stacks of one stage, by the id of their construct, in the order of the manifest. */
function readStacks(folder: string, { name }: Environment): Record<string, StackTemplate> {
  const { artifacts } = manifestSchema.parse(readJson(join(folder, 'manifest.json')));
  return Object.fromEntries(
    Object.entries(artifacts)
      .filter(([, { type }]) => type === 'aws:cloudformation:stack')
      .map(([artifact, { environment = '', displayName = artifact, properties = {} }]) => [
        idOf(displayName, name),
        {
          name: properties.stackName ?? artifact,
          ...placeOf(environment),
          isProtected: properties.terminationProtection === true,
          template: readJson(join(folder, properties.templateFile ?? `${artifact}.template.json`)),
        },
      ]),
  );
}

/** `aws://111111111111/eu-central-1`. */
function placeOf(environment: string): { account: string; region: string } {
  const [account = '', region = ''] = environment.replace('aws://', '').split('/');
  return { account, region };
}

/** `production/Network (production-Network)` is `Network`. */
const idOf = (displayName: string, stage: string): string =>
  (displayName.split(' ')[0] ?? displayName).replace(`${stage}/`, '');

const readJson = (file: string) => JSON.parse(readFileSync(file, 'utf8'));
