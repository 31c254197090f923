import { Command } from 'commander';
import { ExplainedError } from '../config/explain-error.ts';
import { fromPublic } from '../domain/ids.ts';
import { replayDelivery } from '../ledger/notices/replay-delivery.ts';
import { resumeEndpoint } from '../ledger/notices/resume.ts';
import { actor, asOwner } from './owner.ts';

/** `operator notice …` */
export function noticeCommand(): Command {
  const command = new Command('notice').description('notices: messages to customers');
  command
    .command('replay <id>')
    .description('send the notice of a delivery (de_…) again, whatever became of it')
    .action(replay);
  command
    .command('resume <id>')
    .description('end the pause of a webhook endpoint (we_…) that was down, and send what waits for it now')
    .action(resume);
  return command;
}

const whileDisabled = ' The endpoint is disabled: nothing is sent until its tenant enables it.';

async function replay(id: string): Promise<void> {
  const deliveryId = fromPublic('delivery', id);
  if (deliveryId === null) throw new ExplainedError(`"${id}" is not the id of a delivery (de_…).`);
  const found = await asOwner((pool) => replayDelivery(pool, { deliveryId, actor }));
  if (!found) throw new ExplainedError(`There is no ${id}, or its endpoint was deleted.`);
  const sentence = found.isReplayed ? 'Its notice is due again.' : 'Its notice is due already.';
  process.stdout.write(`${sentence}${found.endpointStatus === 'disabled' ? whileDisabled : ''}\n`);
}

async function resume(id: string): Promise<void> {
  const endpointId = fromPublic('webhookEndpoint', id);
  if (endpointId === null) throw new ExplainedError(`"${id}" is not the id of a webhook endpoint (we_…).`);
  const status = await asOwner((pool) => resumeEndpoint(pool, { endpointId, actor }));
  if (status === null) throw new ExplainedError(`There is no ${id}.`);
  process.stdout.write(
    `Its pause is over, and what waits for it is due.${status === 'disabled' ? whileDisabled : ''}\n`,
  );
}
