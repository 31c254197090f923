import '../config/environment.ts';

import { Command } from 'commander';
import { explainError, unreachableReason } from '../config/explain-error.ts';
import { archiveCommand } from './archive.ts';
import { auditCommand } from './audit.ts';
import { keyCommand } from './key.ts';
import { monthsCommand } from './months.ts';
import { noticeCommand } from './notice.ts';
import { payloadKeysCommand } from './payload-keys.ts';
import { railCommand } from './rail.ts';
import { restoreCommand } from './restore.ts';
import { sampleCommand } from './sample.ts';
import { smokeCommand } from './smoke.ts';
import { statementsCommand } from './statements.ts';
import { storageCommand } from './storage.ts';
import { tenantCommand } from './tenant.ts';
import { transferCommand } from './transfer.ts';
import { verifyCommand } from './verify.ts';
import { workersCommand } from './workers.ts';

/**
 * What a person runs in production: `npm run operator -- <thing> <act>`, in the image `node operator/main.ts <thing> <act>`.
 * DATABASE_URL is the owner's login; `verify` does with a login of quittance_reader. Every change leaves a row in the audit log.
 */
const program = new Command('operator').description('What a person runs in production. Needs DATABASE_URL.');
for (const command of [
  tenantCommand,
  keyCommand,
  railCommand,
  noticeCommand,
  transferCommand,
  auditCommand,
  statementsCommand,
  archiveCommand,
  payloadKeysCommand,
  monthsCommand,
  storageCommand,
  workersCommand,
  restoreCommand,
  verifyCommand,
  sampleCommand,
  smokeCommand,
])
  program.addCommand(command());

try {
  await program.parseAsync();
} catch (error) {
  process.stderr.write(`${explainError(error) ?? `The command failed: ${unreachableReason(error)}.`}\n`);
  process.exitCode = 1;
}
