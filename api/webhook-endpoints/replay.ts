import { toPublic } from '../../domain/ids.ts';
import { accepted, refused } from '../http/answer.ts';
import { operation } from '../http/operation.ts';
import { deliveryPath, replayedDelivery } from './schema.ts';

/** `POST /v1/webhook-endpoints/{id}/deliveries/{delivery_id}/replay`: sends a notice again. Harmless to repeat. */
export const replayDelivery = operation({
  id: 'replayDelivery',
  summary: 'Replay a delivery',
  description:
    'Makes the notice of this delivery due again, whatever became of it, with all its tries before it: the same `webhook-id` and the same body. `replayed` is false when it is due already. To a disabled endpoint it is sent when that is enabled.',
  params: deliveryPath,
  status: 202,
  success: 'Whether the notice became due.',
  response: replayedDelivery,
  refusals: ['not_found'],
  run: async ({ params, caller }, deps) => {
    const { tenantId, actor } = caller;
    const delivery = { id: params.delivery_id, endpointId: params.id, tenantId, actor };
    const replay = await deps.ledger.replayDelivery(delivery);
    if (replay === null) return refused('not_found');
    if (replay.endpointStatus === 'enabled') deps.wakeDelivery(params.id);
    return accepted({
      object: 'replay',
      delivery_id: toPublic('delivery', params.delivery_id),
      webhook_endpoint_id: toPublic('webhookEndpoint', params.id),
      replayed: replay.isReplayed,
      webhook_endpoint_status: replay.endpointStatus,
    });
  },
});
