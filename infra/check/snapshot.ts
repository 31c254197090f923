import { at, isObject, type Json } from '../requirements/json.ts';
import { statementsOf } from '../requirements/statements.ts';
import type { Resource, Synthesised } from '../requirements/synthesised.ts';
import { watched } from './watched.ts';

/**
 * A stack as a reviewer reads it: each resource by type and logical id (a changed logical id is another resource), what happens to it when
 * it is deleted, the properties of the watch list, and each statement of its policies. Digests and hashes of assets are masked: they
 * change with every release and say nothing.
 */
export function snapshotOf(synthesised: Synthesised, stack: string): string {
  const statements = Map.groupBy(statementsOf(synthesised), ({ place }) => place);
  return synthesised
    .resources(stack, '*')
    .toSorted((one, other) => order(one).localeCompare(order(other)))
    .map((resource) =>
      [
        order(resource),
        ...policyOfDeletion(resource),
        ...(watched[resource.type] ?? []).flatMap((place) => linesAt(resource, place)),
        ...(statements.get(`${stack}.${resource.id}`) ?? []).map(
          ({ effect, actions, notActions, resources }) =>
            `${effect.toLowerCase()} ${[...actions, ...notActions.map((action) => `all but ${action}`)].join(', ')}${on(resources)}`,
        ),
      ]
        .map(masked)
        .join('\n  '),
    )
    .join('\n')
    .concat('\n');
}

const order = ({ type, id }: Resource): string => `${type} ${masked(id)}`;

const on = (resources: Json[]): string =>
  resources.length === 0
    ? ''
    : ` on ${resources.map((item) => (typeof item === 'string' ? item : JSON.stringify(item))).join(', ')}`;

const policyOfDeletion = ({ raw }: Resource): string[] =>
  raw.DeletionPolicy === undefined
    ? []
    : [`deleted: ${raw.DeletionPolicy}, replaced: ${raw.UpdateReplacePolicy ?? 'Delete'}`];

const linesAt = ({ properties }: Resource, place: string): string[] =>
  place === '*' ? flat('', properties) : flat(place, at(properties, ...place.split('.')));

/** A value as lines `Place.Of.It = value`, so that a difference is a line. Lists of plain values are one line. */
function flat(place: string, value: Json | undefined): string[] {
  if (value === undefined) return [];
  if (isObject(value))
    return Object.entries(value).flatMap(([key, item]) => flat(place === '' ? key : `${place}.${key}`, item));
  if (Array.isArray(value) && value.some((item) => typeof item === 'object'))
    return value.flatMap((item, index) => flat(`${place}.${index}`, item));
  return [`${place} = ${Array.isArray(value) ? value.join(', ') : String(value)}`];
}

const masked = (text: string): string =>
  text.replace(/sha256:[0-9a-f]{64}/g, 'sha256:…').replace(/\b[0-9a-f]{16,64}\b/g, '…');
