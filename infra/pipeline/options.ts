import { z } from 'zod';
import { development } from '../environment/development.ts';
import { production } from '../environment/production.ts';
import type { Environment, EnvironmentName } from '../environment/schema.ts';
import { staging } from '../environment/staging.ts';

/** The environments of infra/, by name. */
export const environments: Readonly<Record<EnvironmentName, Environment>> = { development, staging, production };

export const environmentOption = {
  form: z.enum(['development', 'staging', 'production']),
  means: 'development, staging or production',
};

export const digestForm = z.string().regex(/^sha256:[0-9a-f]{64}$/, 'must be sha256: and 64 hex digits');

export const digestOption = { form: digestForm, means: 'the image, as sha256:…' };

/** `123456789012.dkr.ecr.eu-central-1.amazonaws.com/quittance-development`, and for a test an address on this machine. */
export const repositoryForm = z
  .string()
  .regex(/^[a-z0-9.-]+(:\d+)?\/[a-z0-9][a-z0-9._/-]{1,200}$/, 'must be <registry>/<repository>');

/** The wait between two looks. Small in tests. */
export const everyOption = {
  form: z.coerce.number().int().min(1).max(60_000).default(10_000),
  means: 'milliseconds between two looks',
};

/** How long a step may wait in all. */
export const withinOption = (minutes: number) => ({
  form: z.coerce.number().positive().max(240).default(minutes),
  means: 'minutes after which it gives up',
});

/** The version of a release's workers: the same for all that has its image, and no other image can have it. */
export const buildOf = (digest: string): string => digest.slice('sha256:'.length).slice(0, 12);
