import { findOnPath } from '../../local/servers/find-program.ts';

/** Null when the `aws` command is here, which the steps of the pipelines call; else why it is not. */
export const whyNoAws = (): string | null =>
  findOnPath('aws') === null ? 'no aws on PATH; it is the AWS CLI, 1.29 or newer' : null;
