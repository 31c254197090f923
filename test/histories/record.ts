import { readdir, rm, writeFile } from 'node:fs/promises';
import { historyToJSON } from '@temporalio/common/lib/proto-utils.js';
import { startInProcess } from '../support/harness/in-process.ts';
import startServers from '../support/servers/global-setup.ts';
import stopServers from '../support/servers/global-teardown.ts';
import { type Scenario, scenarios, withFaults } from './scenarios.ts';

/**
 * Records histories from real servers: `node test/histories/record.ts [scenario …]`, every scenario when none is named.
 * What is recorded stays: after a change of a workflow the old histories must still replay, because such runs are open
 * somewhere. Record a scenario when it is new.
 */
const folder = import.meta.dirname;

async function record(name: string, { run, shows, options }: Scenario): Promise<void> {
  for (const file of await readdir(folder)) if (file.startsWith(`${name}.`)) await rm(`${folder}/${file}`);
  const platform = await startInProcess({ isEncrypted: false, tamper: withFaults, ...options });
  try {
    await run(platform);
    // The index of workflows is written a moment after the workflows themselves.
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    const { client } = platform;
    const counts = new Map<string, number>();
    // Listed with the newest first.
    for (const { type, workflowId, runId } of (await Array.fromAsync(client.workflow.list())).toReversed()) {
      if (!shows.some((shown) => shown === type)) continue;
      const n = (counts.get(type) ?? 0) + 1;
      counts.set(type, n);
      const history = await client.workflow.getHandle(workflowId, runId).fetchHistory();
      const recorded = { workflowId, history: JSON.parse(historyToJSON(history), nameless) };
      await writeFile(`${folder}/${name}.${type}.${n}.json`, `${JSON.stringify(recorded)}\n`);
    }
    process.stdout.write(`${name}: ${[...counts].map(([type, n]) => `${n} ${type}`).join(', ')}\n`);
  } finally {
    await platform.end();
  }
}

/** Who ran it, on which machine, is left out. */
const nameless = (key: string, value: unknown): unknown => (key === 'identity' ? 'recorded' : value);

const wanted = process.argv.slice(2);
await startServers();
for (const [name, scenario] of Object.entries(scenarios))
  if (wanted.length === 0 || wanted.includes(name)) await record(name, scenario);
await stopServers();
