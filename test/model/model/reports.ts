import type { TransferState } from '../../../domain/transfer.ts';
import { type Model, ownOf, post } from './model.ts';
import type { ModelReport, ModelTransfer } from './terms.ts';
import { enter, isUnresolved } from './transfers.ts';

/** The cause of the change that the report makes; null: it makes none. */
export function conclude(model: Model, transfer: ModelTransfer, report: ModelReport): string | null {
  if (!closeSend(transfer, report)) return null;
  const step = stepOf(transfer, report);
  if (!step) return null;
  const [cause, to] = step;
  if (cause === 'contradicted') {
    transfer.contradictions.push(report.outcome);
    const { suspense, clearing } = ownOf(model, transfer.currency);
    if (report.outcome === 'accepted') post(model, suspense, clearing, transfer.amount);
  }
  enter(model, transfer, to);
  return cause;
}

/** Whether the report says more than is known of its send; proof and refusal are never ignored. */
function closeSend(transfer: ModelTransfer, { outcome, send }: ModelReport): boolean {
  if (send === null || outcome === 'put_off' || outcome === 'absent') return true;
  const known = transfer.sends[send - 1];
  const isNews = known === 'open' || known === 'lapsed' || (known === 'unknown' && outcome !== 'unknown');
  if (isNews) transfer.sends[send - 1] = outcome;
  return isNews || outcome === 'accepted' || outcome === 'rejected';
}

function stepOf(
  { state, sends, contradictions }: ModelTransfer,
  report: ModelReport,
): [cause: string, to: TransferState] | null {
  const isOpen = state === 'scheduled' || state === 'submitting' || state === 'unknown';
  const unresolved = sends.filter(isUnresolved).length;
  const isLive = sends.includes('open');
  const contradicted = contradictions.includes(report.outcome) ? null : (['contradicted', state] as const);
  switch (report.outcome) {
    case 'accepted':
      if (isOpen) return ['accepted', 'completed'];
      return state === 'completed' ? null : contradicted && [...contradicted];
    case 'rejected':
      if (state === 'completed') return contradicted && [...contradicted];
      if (!isOpen) return null;
      if (report.decisive || unresolved === 0) return ['rejected', 'rejected'];
      return state === 'unknown' ? null : ['rejected', 'unknown'];
    case 'not_taken':
      if (state !== 'submitting' && state !== 'unknown') return null;
      if (unresolved === 0) return ['not_taken', 'scheduled'];
      return state === 'submitting' ? ['not_taken', 'unknown'] : null;
    case 'unknown':
      return state === 'submitting' && !isLive ? ['no_answer', 'unknown'] : null;
    case 'absent':
      return state === 'unknown' ? ['absent', 'scheduled'] : null;
    case 'not_sent':
    case 'put_off':
      if (state === 'unknown' && report.outcome === 'not_sent' && unresolved === 0) return ['not_taken', 'scheduled'];
      if (state !== 'submitting' || isLive) return null;
      return unresolved === 0 ? ['put_off', 'scheduled'] : ['no_answer', 'unknown'];
  }
}
