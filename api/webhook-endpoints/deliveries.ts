import { subjectThings } from '../../domain/event.ts';
import { toPublic } from '../../domain/ids.ts';
import { type DeliveryRow, listDeliveries } from '../../ledger/read/deliveries.ts';
import { readEndpoint } from '../../ledger/read/webhook-endpoints.ts';
import { found, refused } from '../http/answer.ts';
import { operation } from '../http/operation.ts';
import { listOf, refuseCursorOfOther, toFilter, toList, toPageRequest } from '../http/pagination.ts';
import { delivery, deliveryQuery, endpointPath } from './schema.ts';

/** `GET /v1/webhook-endpoints/{id}/deliveries`: every try to deliver a notice, newest first. */
export const getDeliveries = operation({
  id: 'listDeliveries',
  summary: "List a webhook endpoint's deliveries",
  description: 'Each try to deliver a notice to this endpoint and what came of it, newest first, for 30 to 60 days.',
  params: endpointPath,
  query: deliveryQuery,
  status: 200,
  success: 'One page of deliveries.',
  response: listOf('Deliveries', delivery),
  refusals: ['not_found'],
  run: async ({ params, query, caller }, deps) => {
    const row = await readEndpoint(deps.reader, caller.tenantId, params.id);
    if (!row) return refused('not_found');
    const cursor = refuseCursorOfOther(query, row.id);
    if (!cursor.ok) return cursor;
    const page = await listDeliveries(deps.reader, caller.tenantId, {
      endpointId: row.id,
      filter: toFilter(query),
      page: toPageRequest(query),
    });
    return found(toList('deliveries', page, viewOfDelivery, row.id));
  },
});

const viewOfDelivery = (row: DeliveryRow) => ({
  id: toPublic('delivery', row.id),
  object: 'delivery' as const,
  webhook_endpoint_id: toPublic('webhookEndpoint', row.endpointId),
  event_id: toPublic('event', row.eventId),
  subject: { type: row.subjectType, id: toPublic(subjectThings[row.subjectType], row.subjectId) },
  transfer_id: row.subjectType === 'transfer' ? toPublic('transfer', row.subjectId) : null,
  try: row.try,
  outcome: row.outcome,
  status: row.status,
  error: row.error,
  took_ms: row.tookMs,
  created_at: new Date(row.createdAt).toISOString(),
});
