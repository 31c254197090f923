import type { Uuid } from '../domain/ids.ts';
import type { Ledger } from '../ledger/index.ts';

export type DueInput = { groupId: Uuid; ids: Uuid[] };

/** First step of a drain's group: what it holds goes on its way. Answers with those that it must now send. Run twice is run once. */
export const createDue = ({ ledger }: { ledger: Pick<Ledger, 'due'> }) => ({
  due: async ({ groupId, ids }: DueInput): Promise<{ submitting: Uuid[] }> => {
    const outcomes = await ledger.due(ids, groupId);
    return { submitting: outcomes.filter(({ state }) => state === 'submitting').map(({ id }) => id) };
  },
});
