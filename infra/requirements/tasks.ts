import { at, isObject, type Json, type JsonObject, listAt, textAt } from './json.ts';
import type { Resource, Synthesised } from './synthesised.ts';

/** A container of a task definition, and where it stands. */
export type TaskContainer = { task: Resource; name: string; definition: JsonObject };

/** Every task definition: services and tasks that end. */
export const tasksOf = ({ resources }: Synthesised): Resource[] => resources('*', 'AWS::ECS::TaskDefinition');

/** Every container of every task. */
export const containersOf = (synthesised: Synthesised): TaskContainer[] =>
  tasksOf(synthesised).flatMap((task) =>
    listAt(task.properties, 'ContainerDefinitions')
      .filter(isObject)
      .map((definition) => ({
        task,
        name: `${task.stack} ${textAt(task.properties, 'Family')} ${textAt(definition, 'Name')}`,
        definition,
      })),
  );

/** The image of a container. That of our registry is put together when it is deployed, so it is read as it stands in the template. */
export function imageOf({ definition }: Pick<TaskContainer, 'definition'>): string {
  const image = at(definition, 'Image');
  return typeof image === 'string' ? image : JSON.stringify(image).replace(/["\]}]+$/, '');
}

/** Containers that run images of our registry. */
export const ownContainersOf = (synthesised: Synthesised): TaskContainer[] =>
  containersOf(synthesised).filter((container) => imageOf(container).includes('Registry.'));

/** The container of a task that is the program: the one that the task is named after. */
export function programOf(synthesised: Synthesised, family: string): TaskContainer {
  const full = `quittance-${synthesised.environment.name}-${family}`;
  const found = containersOf(synthesised).find(
    ({ task, definition }) =>
      textAt(task.properties, 'Family') === full && full.endsWith(`-${textAt(definition, 'Name')}`),
  );
  if (found === undefined) throw new Error(`there is no task ${full}`);
  return found;
}

/** The settings of a container by their names: the text of a parameter, or what else is injected. */
export function settingsOf(synthesised: Synthesised, { definition }: TaskContainer): Record<string, string> {
  return Object.fromEntries(
    listAt(definition, 'Secrets').map((secret) => {
      const from = textAt(secret, 'ValueFrom');
      return [textAt(secret, 'Name'), valueBehind(synthesised, from) ?? from];
    }),
  );
}

/** A parameter is named by its ARN, in which the resource is the last part. */
function valueBehind({ target }: Synthesised, from: string): string | undefined {
  const reference = /\$\{[^}]+\}/.exec(from)?.[0];
  const resource = target(reference);
  return resource?.type === 'AWS::SSM::Parameter' ? textAt(resource.properties, 'Value') : undefined;
}

/** Statements of the policies of a role, by a reference to it. */
export function statementsOfRole({ resources }: Synthesised, role: Json | undefined): JsonObject[] {
  const id = /^\$\{([^.}]+)\.([^.}]+)/.exec(String(role));
  return resources('*', 'AWS::IAM::Policy')
    .filter(({ stack, properties }) =>
      listAt(properties, 'Roles').some(
        (name) => String(name).startsWith(`\${${id?.[1]}.${id?.[2]}`) && stack === id?.[1],
      ),
    )
    .flatMap(({ properties }) => listAt(properties, 'PolicyDocument', 'Statement'))
    .filter(isObject);
}
