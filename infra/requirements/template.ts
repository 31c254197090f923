import type { Deployment } from '../environment/deployment.ts';
import type { Environment } from '../environment/schema.ts';
import type { Json, JsonObject } from './json.ts';

/** A resource as it stands in a template, with its functions. Planted changes edit this form. */
export type RawResource = {
  Type: string;
  Properties?: JsonObject;
  DeletionPolicy?: string;
  UpdateReplacePolicy?: string;
  DependsOn?: Json;
  Metadata?: JsonObject;
};

/** A CloudFormation template. */
export type Template = {
  Resources: Record<string, RawResource>;
  Outputs?: Record<string, { Value: Json; Export?: Json; Description?: string }>;
  Parameters?: Record<string, JsonObject>;
};

/** A stack of the assembly: by the id of its construct (`Network`) in {@link Assembly}. */
export type StackTemplate = {
  name: string;
  account: string;
  region: string;
  /** CloudFormation refuses to delete it. No template says so: it is a member of the assembly's manifest. */
  isProtected: boolean;
  template: Template;
};

/** One environment as it was synthesised: what rows and planted changes start from. */
export type Assembly = { environment: Environment; deployment: Deployment; stacks: Record<string, StackTemplate> };
