import { basename } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import { files, read } from './tree.ts';

const step = z.looseObject({
  id: z.string().optional(),
  name: z.string().optional(),
  if: z.string().optional(),
  uses: z.string().optional(),
  run: z.string().optional(),
  with: z.record(z.string(), z.unknown()).optional(),
});
const job = z.looseObject({
  needs: z.union([z.string(), z.array(z.string())]).optional(),
  if: z.string().optional(),
  uses: z.string().optional(),
  with: z.record(z.string(), z.unknown()).optional(),
  environment: z.string().optional(),
  permissions: z.unknown().optional(),
  concurrency: z.unknown().optional(),
  'timeout-minutes': z.number().optional(),
  steps: z.array(step).default([]),
});
const workflow = z.looseObject({
  on: z.unknown(),
  permissions: z.unknown().optional(),
  jobs: z.record(z.string(), job),
});

export type WorkflowStep = z.output<typeof step>;
export type WorkflowJob = z.output<typeof job>;
/** A workflow of GitHub Actions, with its text: comments are no part of what is parsed. */
export type Workflow = z.output<typeof workflow> & { name: string; text: string };

/** Every workflow by its file's name without the ending. `texts` stand for files that are changed, for planted examples. */
export function workflows(texts: Readonly<Record<string, string>> = {}): Record<string, Workflow> {
  return Object.fromEntries(
    files(/^\.github\/workflows\/.*\.yml$/).map((file) => {
      const name = basename(file, '.yml');
      const text = texts[name] ?? read(file);
      return [name, { ...workflow.parse(parse(text)), name, text }];
    }),
  );
}

export type PlacedJob = WorkflowJob & { workflow: string; id: string };

/** Every job with its place. */
export const jobsOf = (all: Readonly<Record<string, Workflow>>): PlacedJob[] =>
  Object.values(all).flatMap(({ name, jobs }) =>
    Object.entries(jobs).map(([id, one]) => ({ ...one, workflow: name, id })),
  );

/** Every step with its job. */
export const stepsOf = (all: Readonly<Record<string, Workflow>>): (WorkflowStep & { job: PlacedJob })[] =>
  jobsOf(all).flatMap((one) => one.steps.map((each) => ({ ...each, job: one })));
