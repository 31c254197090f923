import { createHash } from 'node:crypto';
import { Stack } from 'aws-cdk-lib';
import type * as ecs from 'aws-cdk-lib/aws-ecs';
import * as ssm from 'aws-cdk-lib/aws-ssm';
import { Construct } from 'constructs';
import type { EnvironmentName } from '../environment/schema.ts';
import { pathOf } from '../names.ts';
import { fromParameter } from './injected.ts';

/** The value of a setting: a text, a secret, or null where the program's own default is wanted. */
export type Value = string | ecs.Secret | null;

export type ParametersProps = {
  environment: EnvironmentName;
  program: string;
  settings: Readonly<Record<string, Value>>;
};

/**
 * The settings of one program. Texts become parameters of Systems Manager, where an operator can read them; their name ends in a hash of
 * the value. So a value never changes under a revision of a task: another value is another parameter and another revision, both are there
 * until the update has ended, and tasks that are rolled back have the settings with which they ran.
 */
export class Parameters extends Construct {
  /** By the name of the setting, in the form that a container takes. */
  readonly secrets: Readonly<Record<string, ecs.Secret>>;

  constructor(scope: Construct, id: string, { environment, program, settings }: ParametersProps) {
    super(scope, id);
    const wanted = Object.entries(settings).filter(
      (entry): entry is [string, string | ecs.Secret] => entry[1] !== null,
    );
    this.secrets = Object.fromEntries(
      wanted.map(([name, value]) => [
        name,
        typeof value === 'string' ? this.#parameter(pathOf(environment, `${program}/${name}`), name, value) : value,
      ]),
    );
  }

  #parameter(path: string, id: string, value: string): ecs.Secret {
    const isLong = value.length > standardMax;
    const parameter = new ssm.StringParameter(this, id, {
      parameterName: `${path}/${this.#hash(value)}`,
      stringValue: value,
      ...(isLong && { tier: ssm.ParameterTier.ADVANCED }),
    });
    return fromParameter(parameter.parameterArn);
  }

  /** Of the value as it stands in the template: what is known only when it is deployed is a reference there. */
  #hash(value: string): string {
    const text = JSON.stringify(Stack.of(this).resolve(value));
    return createHash('sha256').update(text).digest('hex').slice(0, 8);
  }
}

/** Characters of a parameter of the standard kind, which costs nothing. */
const standardMax = 4_096;
