import { z } from 'zod';
import type { EnvironmentName } from '../environment/schema.ts';
import { pathOf } from '../names.ts';
import { type Aws, AwsError } from './aws.ts';

const parameterSchema = z.object({ Parameter: z.object({ Value: z.string() }) });

/** What a release leaves for the next one, in Systems Manager. Null: there is none yet. */
export async function readParameter(aws: Aws, environment: EnvironmentName, name: string): Promise<string | null> {
  try {
    const answer = await aws('ssm', 'get-parameter', { Name: pathOf(environment, name) });
    return parameterSchema.parse(answer).Parameter.Value;
  } catch (error) {
    if (error instanceof AwsError && error.code === 'ParameterNotFound') return null;
    throw error;
  }
}

/** Writes it, and makes it where it is missing. */
export async function writeParameter(
  aws: Aws,
  environment: EnvironmentName,
  { name, value }: { name: string; value: string },
): Promise<void> {
  await aws('ssm', 'put-parameter', { Name: pathOf(environment, name), Value: value, Type: 'String', Overwrite: true });
}
