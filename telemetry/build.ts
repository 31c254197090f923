import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { Gauge, type Registry } from 'prom-client';

const root = fileURLToPath(new URL('..', import.meta.url));
/** The folders of workflow code. */
const sources = ['workflows', 'domain'];

/** Which workflows this process was made with, as 16 hexadecimal digits: two that differ here may not agree on the steps of a run. */
export async function hashOfWorkflows(): Promise<string> {
  const hash = createHash('sha256');
  for (const source of sources) {
    const names = (await readdir(`${root}${source}`, { recursive: true })).filter(
      (name) => name.endsWith('.ts') && !name.endsWith('.test.ts'),
    );
    for (const name of names.toSorted()) hash.update(`${name}\0`).update(await readFile(`${root}${source}/${name}`));
  }
  return hash.digest('hex').slice(0, 16);
}

/** Shows among the metrics what this process was made of. `build`: its version as a worker; null: it has none. */
export async function showBuild(registry: Registry, build: string | null): Promise<void> {
  const gauge = new Gauge({
    name: 'quittance_build_info',
    help: '1. `workflows`: a hash of the workflows that this process knows. `build`: the version of a worker; empty: none.',
    labelNames: ['build', 'workflows'],
    registers: [registry],
  });
  gauge.set({ build: build ?? '', workflows: await hashOfWorkflows() }, 1);
}
