import { Command } from 'commander';
import { readEnv } from '../config/env.ts';
import { explainError, unreachableReason } from '../config/explain-error.ts';
import { examine } from '../ledger/verify/examine.ts';
import { type Finding, isSound } from '../ledger/verify/run.ts';
import { truthPages } from './truth.ts';

/** Exit codes, so that a schedule can distinguish a broken ledger from an absent database. */
const exits = { sound: 0, broken: 1, notExamined: 2 } as const;

/** `operator verify`: exit code 0 when everything agrees, 1 when something does not, 2 when it could not be examined. */
export const verifyCommand = (): Command =>
  new Command('verify')
    .description('re-derive the ledger from its postings, holds and events, and print the differences; read-only')
    .option(
      '--truth <url>',
      "compare with what the simulator's bank took, for example http://127.0.0.1:4010/control/truth",
    )
    .option('--json', 'print the findings as JSON')
    .action(async (options: Options) => {
      process.exitCode = await verify(options);
    });

type Options = { truth?: string; json?: true };

async function verify({ truth, json }: Options): Promise<number> {
  try {
    const url = readEnv().database.url.reveal();
    const findings = await examine({ url, ...(truth !== undefined && { truth: truthPages(truth) }) });
    process.stdout.write(
      json ? `${JSON.stringify({ sound: isSound(findings), findings }, null, 2)}\n` : toText(findings),
    );
    return isSound(findings) ? exits.sound : exits.broken;
  } catch (error) {
    // The one place where errors end: the operator gets a sentence.
    const reason = explainError(error) ?? unreachableReason(error);
    process.stderr.write(`The ledger could not be verified: ${reason}\n`);
    return exits.notExamined;
  }
}

function toText(findings: Finding[]): string {
  const lines = findings.map(({ name, promise, examined, breaches, witness }) => {
    const result = breaches === '0' ? 'ok    ' : 'BROKEN';
    const count = breaches === '0' ? `${examined} examined` : `${examined} examined, ${breaches} broken`;
    const line = `${result}  ${name.padEnd(14)} ${count.padEnd(24)} ${promise}`;
    return witness === null ? line : `${line}\n        first: ${witness}`;
  });
  const summary = isSound(findings) ? 'The books are sound.' : 'The books are NOT sound.';
  return `${[...lines, summary].join('\n')}\n`;
}
