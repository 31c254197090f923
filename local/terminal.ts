import pc from 'picocolors';
import type { Say } from './start-fault.ts';

const nameWidth = 10;

/** Says one line under a name: `Postgres   … ready in 1.2 s`. */
export function sayAs(name: string): Say {
  return (line) => process.stdout.write(`${pc.bold(name.padEnd(nameWidth))} … ${line}\n`);
}

/** Does one step of the start and says how long it took; `work` answers what is worth knowing about the result. */
export async function step(name: string, work: (say: Say) => Promise<string>): Promise<void> {
  const started = performance.now();
  const detail = await work(sayAs(name));
  sayAs(name)(`ready in ${((performance.now() - started) / 1000).toFixed(1)} s (${detail})`);
}
