import { Command } from 'commander';
import type pg from 'pg';
import { ExplainedError } from '../config/explain-error.ts';
import { fromPublic } from '../domain/ids.ts';
import { type Replay, replayDelivery } from '../ledger/notices/replay-delivery.ts';
import { replayGivenUp } from '../ledger/notices/replay-given-up.ts';
import { actor, asOwner } from './owner.ts';

/** Notices that one commit makes due again. */
const batchSize = 1_000;

/** `operator notice …` */
export function noticeCommand(): Command {
  const command = new Command('notice').description('notices: messages to customers');
  command
    .command('replay <id>')
    .description(
      'send again the notice of a delivery (de_…), or all that a webhook endpoint (we_…) did not get before they were given up',
    )
    .action(async (id: string) => {
      const { replayed, endpointStatus } = await asOwner((pool) => replay(pool, id));
      const disabled =
        endpointStatus === 'disabled' ? ' The endpoint is disabled: nothing is sent until it is enabled.' : '';
      process.stdout.write(`${replayed} made due again.${disabled}\n`);
    });
  return command;
}

async function replay(pool: pg.Pool, id: string): Promise<Replay> {
  const deliveryId = fromPublic('delivery', id);
  const endpointId = fromPublic('webhookEndpoint', id);
  if (deliveryId === null && endpointId === null)
    throw new ExplainedError(`"${id}" is not the id of a delivery (de_…) or of a webhook endpoint (we_…).`);
  const replayed =
    deliveryId === null ? await replayAll(pool, endpointId ?? '') : await replayDelivery(pool, { deliveryId, actor });
  if (!replayed) throw new ExplainedError(`There is no ${id}, or its endpoint was deleted.`);
  return replayed;
}

/** In bounded commits, until one finds fewer than its limit. */
async function replayAll(pool: pg.Pool, endpointId: string): Promise<Replay | null> {
  let total = 0;
  for (;;) {
    const batch = await replayGivenUp(pool, { endpointId, limit: batchSize, actor });
    if (batch === null) return null;
    total += batch.replayed;
    if (batch.replayed < batchSize) return { ...batch, replayed: total };
  }
}
