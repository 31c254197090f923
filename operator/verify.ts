import { parseArgs } from 'node:util';
import { readEnv } from '../config/env.ts';
import { examine } from '../ledger/verify/examine.ts';
import { type Finding, isSound } from '../ledger/verify/run.ts';

const usage = `Re-derives the books from their postings, holds and events, and says what does not fit. Reads only.

  npm run verify -- [--truth http://127.0.0.1:4010/control/truth] [--json]

DATABASE_URL is a login of the role quittance_reader. --truth compares with what the simulator's bank took.
Exit code 0: everything fits. 1: something does not. 2: it could not be looked at.
`;

/** Exit codes, so that a schedule can tell broken books from a database that is away. */
const exits = { sound: 0, broken: 1, notSeen: 2 } as const;

process.exitCode = await verify();

async function verify(): Promise<number> {
  try {
    const { values } = parseArgs({
      options: { truth: { type: 'string' }, json: { type: 'boolean' }, help: { type: 'boolean' } },
    });
    if (values.help) {
      process.stdout.write(usage);
      return exits.sound;
    }
    const findings = await examine({ url: readEnv().database.url.reveal(), truth: values.truth });
    process.stdout.write(
      values.json ? `${JSON.stringify({ sound: isSound(findings), findings }, null, 2)}\n` : toText(findings),
    );
    return isSound(findings) ? exits.sound : exits.broken;
  } catch (error) {
    // The one place where it ends: a person asked, and gets a sentence.
    process.stderr.write(
      `The books could not be verified: ${error instanceof Error ? error.message : String(error)}\n`,
    );
    return exits.notSeen;
  }
}

function toText(findings: Finding[]): string {
  const lines = findings.map(({ name, promise, examined, breaches, witness }) => {
    const verdict = breaches === '0' ? 'ok    ' : 'BROKEN';
    const count = breaches === '0' ? `${examined} examined` : `${examined} examined, ${breaches} broken`;
    const line = `${verdict}  ${name.padEnd(14)} ${count.padEnd(24)} ${promise}`;
    return witness === null ? line : `${line}\n        first: ${witness}`;
  });
  const verdict = isSound(findings) ? 'The books are sound.' : 'The books are NOT sound.';
  return `${[...lines, verdict].join('\n')}\n`;
}
