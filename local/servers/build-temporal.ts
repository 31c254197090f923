import { join } from 'node:path';
import type { Print } from '../start-fault.ts';
import { buildWithGo } from './build-with-go.ts';

/** The versions of what is built, and their sums. */
export const recipe = join(import.meta.dirname, 'temporal-build');

const ways =
  'Temporal is needed and was not found: set TEMPORAL_ADDRESS to one that runs, or install the `temporal` CLI ' +
  '(https://docs.temporal.io/cli), or install Go 1.26 or newer and start again to have it built.';

/** Builds the CLI by Go. Throws one sentence when there is no Go, or it fails. */
export function buildTemporal(options: { draft: string; version: string; print: Print }): Promise<void> {
  const { draft, version, print } = options;
  const flags = `-X github.com/temporalio/cli/internal/temporalcli.Version=${version}`;
  return buildWithGo({ recipe, package: 'github.com/temporalio/cli/cmd/temporal', version, flags, ways }, draft, print);
}
