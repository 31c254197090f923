import { randomUUID } from 'node:crypto';
import pc from 'picocolors';
import type { Ready } from './ready.ts';

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

/** One curl line with a fresh Idempotency-Key. */
function exampleCurl(ready: Ready): string {
  const body = {
    amount: '1250',
    currency: 'USD',
    rail: 'book',
    source: { account_id: ready.accounts.ada },
    destination: { account_id: ready.accounts.grace },
  };
  return [
    `curl -sS ${ready.api}/v1/transfers`,
    `-H 'Authorization: Bearer ${ready.key}'`,
    `-H 'Content-Type: application/json'`,
    `-H 'Idempotency-Key: ${randomUUID()}'`,
    `-d '${JSON.stringify(body)}'`,
  ].join(' ');
}
