import { Command } from 'commander';
import { ExplainedError } from '../config/explain-error.ts';
import { fromPublic } from '../domain/ids.ts';
import { acknowledgeAttention } from '../ledger/transfers/acknowledge.ts';
import { actor, asOwner } from './owner.ts';

/** `operator transfer …` */
export function transferCommand(): Command {
  const command = new Command('transfer').description('transfers: what needs a person');
  command
    .command('acknowledge <id> <why>')
    .description(
      'note that somebody looks at a transfer with attention (tr_…): it is no longer an alarm until it gets attention again',
    )
    .action(acknowledge);
  return command;
}

async function acknowledge(id: string, why: string): Promise<void> {
  const transferId = fromPublic('transfer', id);
  if (transferId === null) throw new ExplainedError(`"${id}" is not the id of a transfer (tr_…).`);
  const reason = await asOwner((pool) => acknowledgeAttention(pool, { transferId, actor, why }));
  if (reason === null) throw new ExplainedError(`There is no ${id}, or it has no attention.`);
  process.stdout.write(`${id}: ${reason} is acknowledged\n`);
}
