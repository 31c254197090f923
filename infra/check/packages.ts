import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { root, run } from './run.ts';

const installWithinMs = 240_000;
const lockSchema = z.object({ packages: z.record(z.string(), z.object({ version: z.string().optional() })) });

/**
 * Installs what infra/package-lock.json names where it is not installed: the only step that uses the network. Returns null, or the reason
 * why the packages cannot be had. `npm start` needs none of them, so it does not do this.
 */
export async function whyNoPackages(): Promise<string | null> {
  if (agrees()) return null;
  const { code, output } = await run(
    ['npm', 'ci', '--prefix', 'infra', '--no-audit', '--no-fund', '--loglevel=error'],
    {
      withinMs: installWithinMs,
    },
  );
  if (code === 0 && agrees()) return null;
  return `npm ci in infra/ failed: ${output.trim().split('\n')[0] ?? ''}`;
}

/** Whether every package of the lock file is installed in its version. npm writes the hidden lock file as its last act. */
function agrees(): boolean {
  const wanted = versionsIn('infra/package-lock.json');
  const installed = versionsIn('infra/node_modules/.package-lock.json');
  return Object.entries(wanted).every(([path, version]) => path === '' || installed[path] === version);
}

function versionsIn(file: string): Record<string, string> {
  if (!existsSync(join(root, file))) return {};
  const { packages } = lockSchema.parse(JSON.parse(readFileSync(join(root, file), 'utf8')));
  return Object.fromEntries(Object.entries(packages).map(([path, { version = '' }]) => [path, version]));
}
