import type { ModelAccount } from './terms.ts';

export function setStatus(account: ModelAccount, status: ModelAccount['status']): string {
  if (account.kind !== 'customer' && account.kind !== 'funding') return 'state_conflict';
  if (account.status === status) return 'ok';
  if (account.status === 'closed') return 'state_conflict';
  const { posted, held } = account;
  const isEmpty = posted.debit === posted.credit && held.debit === 0n && held.credit === 0n;
  if (status === 'closed' && !isEmpty) return 'account_not_empty';
  account.status = status;
  return 'ok';
}

export function setOverdraft(account: ModelAccount, overdraft: bigint): string {
  if (account.kind !== 'customer' || account.status === 'closed') return 'state_conflict';
  if (account.posted.credit - account.posted.debit - account.held.debit < -overdraft) return 'overdraft_in_use';
  account.overdraft = overdraft;
  return 'ok';
}
