import pc from 'picocolors';
import { exampleCurl } from '../operator/sample.ts';
import type { Print } from './start-fault.ts';
import type { RunningCopy } from './state-file.ts';

const nameWidth = 10;

/** Prints one line under a name: `Postgres   … ready in 1.2 s`. */
export function printAs(name: string): Print {
  return (line) => process.stdout.write(`${pc.bold(name.padEnd(nameWidth))} … ${line}\n`);
}

/** Runs one step of the start and prints how long it took, with what `describe` says about the result. */
export async function step<T>(
  name: string,
  work: (print: Print) => Promise<T>,
  describe: (result: T) => string,
): Promise<T> {
  const print = printAs(name);
  const started = performance.now();
  const result = await work(print);
  print(`ready in ${((performance.now() - started) / 1000).toFixed(1)} s (${describe(result)})`);
  return result;
}

/** Prints to the terminal where everything is, and one line that moves money. */
export function printLinks(copy: RunningCopy, startedMs: number): void {
  const lines = [
    '',
    pc.bold(`Quittance is ready (${(startedMs / 1000).toFixed(1)} s). Ctrl-C stops it; its data is kept.`),
    '',
    `  API          ${copy.api}`,
    `  Docs         ${copy.docs}#key=${copy.key}`,
    `  Temporal UI  ${copy.temporalUi}`,
    `  Payloads     ${copy.codecServer} (sign in there, and Temporal UI shows what it has encrypted)`,
    `  Simulator    ${copy.simulator}`,
    '',
    'Send 12.50 USD from Ada to Grace (send the same line twice: the money moves once):',
    '',
    `  ${exampleCurl(copy)}`,
    '',
  ];
  process.stdout.write(`${lines.join('\n')}\n`);
}
