import pc from 'picocolors';
import { exampleCurl } from './sample.ts';
import type { Ready } from './state-file.ts';

/** Tells the person at the terminal where everything is, and one line that moves money. */
export function announce(ready: Ready, startedMs: number): void {
  const lines = [
    '',
    pc.bold(`Quittance is ready (${(startedMs / 1000).toFixed(1)} s). Ctrl-C stops it; what it knows is kept.`),
    '',
    `  API          ${ready.api}`,
    `  Docs         ${ready.docs}`,
    `  Temporal UI  ${ready.temporalUi}`,
    `  Simulator    ${ready.simulator}`,
    '',
    'Send 12.50 USD from Ada to Grace (send the same line twice: the money moves once):',
    '',
    `  ${exampleCurl(ready)}`,
    '',
  ];
  process.stdout.write(`${lines.join('\n')}\n`);
}
