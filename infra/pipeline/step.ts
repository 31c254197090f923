import { appendFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { StepError } from './step-error.ts';

/** An option of a step: its form, and what it means. Without a default it must be given. */
export type StepOption = { form: z.ZodType; means: string };

type Values<O extends Record<string, StepOption>> = { [K in keyof O]: z.output<O[K]['form']> };

export type Step<O extends Record<string, StepOption>> = {
  /** What it does, in a sentence. */
  does: string;
  options: O;
  /** Returns the outputs that later steps read, by name. Throws a {@link StepError} when the release must not go on. */
  run: (values: Values<O>) => Promise<Record<string, string>>;
};

/** Runs a step as the program that it is: reads its options, prints its outputs, and sets the exit code (1: it failed, 2: wrong options). */
export async function runStep<O extends Record<string, StepOption>>(step: Step<O>): Promise<void> {
  const args = process.argv.slice(2);
  if (args.includes('--help')) {
    process.stdout.write(helpOf(step));
    return;
  }
  try {
    const outputs = await step.run(readOptions(step.options, args));
    for (const [name, value] of Object.entries(outputs)) process.stdout.write(`${name}=${value}\n`);
    const file = process.env['GITHUB_OUTPUT'];
    if (file)
      appendFileSync(
        file,
        Object.entries(outputs)
          .map(([name, value]) => `${name}=${value}\n`)
          .join(''),
      );
  } catch (error) {
    if (!(error instanceof StepError)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exitCode = error instanceof WrongOptions ? 2 : 1;
  }
}

class WrongOptions extends StepError {
  override readonly name = 'WrongOptions';
}

/** The options as they were given, checked. Throws with every one that is missing or wrong. */
function readOptions<O extends Record<string, StepOption>>(options: O, args: string[]): Values<O> {
  const names = Object.keys(options);
  const strings = Object.fromEntries(names.map((name) => [name, { type: 'string' as const }]));
  let values: Record<string, unknown>;
  try {
    values = parseArgs({ args, options: strings, strict: true, allowPositionals: false }).values;
  } catch (error) {
    throw new WrongOptions(`${error instanceof Error ? error.message : 'The options cannot be read.'} See --help.`);
  }
  const form = z.object(Object.fromEntries(names.map((name) => [name, options[name]?.form ?? z.never()])));
  const read = form.safeParse(values);
  if (read.success) return read.data as Values<O>;
  const wrong = read.error.issues.map(({ path, message }) => `--${path.join('.')}: ${message}`);
  throw new WrongOptions(`${wrong.join('\n')}\nSee --help.`);
}

const helpOf = <O extends Record<string, StepOption>>({ does, options }: Step<O>): string =>
  [
    does,
    '',
    ...Object.entries(options).map(([name, { means, form }]) => {
      const standard = form.safeParse(undefined);
      return `  --${name}  ${means}${standard.success && standard.data !== undefined ? ` (${String(standard.data)})` : ''}`;
    }),
    '',
  ].join('\n');
