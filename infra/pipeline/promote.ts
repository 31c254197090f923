import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { z } from 'zod';
import { digestOption, repositoryForm } from './options.ts';
import { runStep } from './step.ts';
import { StepError } from './step-error.ts';

/** An image is some hundred MiB. */
const copyMs = 15 * 60_000;
const readMs = 60_000;

await runStep({
  does: 'Copies an image into the repository of an environment, under the digest that it has, and fails when another arrived. Nothing is built.',
  options: {
    from: { form: repositoryForm, means: '<registry>/<repository> that has it' },
    to: { form: repositoryForm, means: '<registry>/<repository> that gets it' },
    digest: digestOption,
    tag: { form: z.string().regex(/^[A-Za-z0-9_][A-Za-z0-9._-]{0,127}$/), means: 'its tag there' },
    tls: { form: z.enum(['true', 'false']).default('true'), means: 'false for a registry on this machine' },
  },
  run: async ({ from, to, digest, tag, tls }) => {
    const verify = (where: string) => `--${where}tls-verify=${tls}`;
    if (from !== to)
      // `--preserve-digests`: it fails where it would have to write another manifest; `--all`: with what is signed about it.
      await skopeo(
        ['copy', '--all', '--preserve-digests', '--retry-times', '3', verify('src-'), verify('dest-')].concat(
          `docker://${from}@${digest}`,
          `docker://${to}:${tag}`,
        ),
        copyMs,
      );
    const where = from === to ? `docker://${to}@${digest}` : `docker://${to}:${tag}`;
    // The manifest's own bytes are hashed here, so nothing is believed that a registry says of them.
    const manifest = await skopeo(['inspect', '--raw', verify(''), where], readMs);
    const arrived = `sha256:${createHash('sha256').update(manifest).digest('hex')}`;
    if (arrived !== digest)
      throw new StepError(
        `${to} has ${arrived} under ${tag}, not ${digest}. Nothing was deployed. A tag there never moves: look who pushed it.`,
      );
    return { image: `${to}@${digest}` };
  },
});

function skopeo(args: string[], withinMs: number): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const child = spawn('skopeo', args, { stdio: ['ignore', 'pipe', 'pipe'] });
    const out: Buffer[] = [];
    let err = '';
    const timer = setTimeout(() => child.kill('SIGTERM'), withinMs);
    child.stdout.on('data', (bytes: Buffer) => out.push(bytes));
    child.stderr.on('data', (bytes: Buffer) => (err = (err + bytes.toString()).slice(-4_000)));
    child.on('error', (error) => reject(new StepError(`The command skopeo could not be run: ${error.message}`)));
    child.on('close', (code) => {
      clearTimeout(timer);
      if (code === 0) resolve(Buffer.concat(out));
      else
        reject(
          new StepError(
            `skopeo ${args[0] ?? ''} failed: ${err.trim() || `it took longer than ${withinMs / 60_000} minutes`}\nNothing was deployed; the release can be run again.`,
          ),
        );
    });
  });
}
