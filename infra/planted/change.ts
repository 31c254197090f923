import type { EnvironmentName } from '../environment/schema.ts';
import type { JsonObject } from '../requirements/json.ts';
import { type Assembly, type RawResource, synthesised, type Template } from '../requirements/synthesised.ts';

/** A bad change that somebody could make, as an edit of the templates: exactly the rows that are named see it. */
export type Change = {
  /** What was done, as a reviewer would say it: `the archive's bucket is public`. */
  name: string;
  /** The environment whose templates are edited. */
  environment: EnvironmentName;
  /** The rows that turn red, all of them. */
  turnsRed: readonly string[];
  edit: (draft: Draft) => void;
};

/** A copy of an environment's templates that a planted change may spoil. */
export type Draft = {
  templates: Record<string, Template>;
  /** Resources of a type, chosen by their folded properties as rows choose them (`'*'`: all stacks); raw, to be edited. */
  all: (stack: string, type: string, where?: JsonObject) => RawResource[];
  /** The one of them. Throws when there is none or more than one: a planted change that spoils nothing proves nothing. */
  one: (stack: string, type: string, where?: JsonObject) => RawResource & { Properties: JsonObject };
  /** Deletes the one of them. */
  remove: (stack: string, type: string, where?: JsonObject) => void;
  /** Adds a resource to a stack. */
  add: (stack: string, id: string, resource: RawResource) => void;
  /** Lets CloudFormation delete a stack. */
  unprotect: (stack: string) => void;
};

/** The environment as it would be with the change. The assembly itself stays as it is. */
export function withChange(assembly: Assembly, change: Pick<Change, 'edit'>): Assembly {
  const copy = structuredClone(assembly);
  const view = synthesised(copy);
  const one: Draft['one'] = (stack, type, where) => {
    const { raw } = view.only(stack, type, where);
    return Object.assign(raw, { Properties: raw.Properties ?? {} });
  };
  change.edit({
    templates: view.stacks,
    all: (stack, type, where) => view.resources(stack, type, where).map(({ raw }) => raw),
    one,
    remove: (stack, type, where) => {
      const found = view.only(stack, type, where);
      delete view.stacks[found.stack]?.Resources[found.id];
    },
    add: (stack, id, resource) => {
      const template = view.stacks[stack];
      if (template === undefined) throw new Error(`There is no stack ${stack}.`);
      template.Resources[id] = resource;
    },
    unprotect: (stack) => {
      const found = copy.stacks[stack];
      if (found?.isProtected !== true) throw new Error(`${stack} can be deleted as it is.`);
      found.isProtected = false;
    },
  });
  return copy;
}
