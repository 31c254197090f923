import { spawn } from 'node:child_process';
import { StepError } from './step-error.ts';

/** One call of AWS: `aws ecs run-task` is `('ecs', 'run-task', input)`. Returns what the command printed, parsed. */
export type Aws = (service: string, operation: string, input: object) => Promise<unknown>;

/** AWS refused a call. `code`: its own word, such as `ThrottlingException`; empty where it gave none. */
export class AwsError extends StepError {
  override readonly name = 'AwsError';
  readonly code: string;

  constructor(code: string, sentence: string) {
    super(sentence);
    this.code = code;
  }
}

/** No call takes longer, its own retries included. */
const callMs = 120_000;
/** An answer is a few KiB; the findings of a scan are a page of some hundred. */
const bytesMax = 8 * 1024 * 1024;
/** Of one call. The command waits longer each time, 20 s at most. */
const attempts = 8;

/**
 * Calls through the `aws` command of the runner. It has the login of the job already, and repeats what was throttled or had no answer.
 * The input is JSON, so nothing of it is read by a shell or as an option.
 */
export function createAws(environment: NodeJS.ProcessEnv = process.env): Aws {
  const env = {
    AWS_RETRY_MODE: 'standard',
    AWS_MAX_ATTEMPTS: String(attempts),
    ...environment,
    AWS_PAGER: '',
    AWS_DEFAULT_OUTPUT: 'json',
  };
  return async (service, operation, input) => {
    const { code, out, err } = await call([service, operation, '--cli-input-json', JSON.stringify(input)], env);
    if (code === 0) return out.trim() === '' ? {} : JSON.parse(out);
    const refusal = /An error occurred \(([^)]+)\)/.exec(err)?.[1] ?? '';
    const reason = err.trim().split('\n').at(-1) ?? '';
    throw new AwsError(refusal, `aws ${service} ${operation} failed: ${reason || `exit code ${String(code)}`}`);
  };
}

type Ended = { code: number | null; out: string; err: string };

function call(args: string[], env: NodeJS.ProcessEnv): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const child = spawn('aws', args, { env, stdio: ['ignore', 'pipe', 'pipe'] });
    let out = '';
    let err = '';
    const timer = setTimeout(() => child.kill('SIGTERM'), callMs);
    child.stdout.on('data', (bytes: Buffer) => {
      out += bytes.toString();
      if (out.length > bytesMax) child.kill('SIGTERM');
    });
    child.stderr.on('data', (bytes: Buffer) => (err = (err + bytes.toString()).slice(-bytesMax)));
    child.on('error', (error) => reject(new StepError(`The command aws could not be run: ${error.message}`)));
    child.on('close', (code) => {
      clearTimeout(timer);
      resolve({ code, out, err });
    });
  });
}
