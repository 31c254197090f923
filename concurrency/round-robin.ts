/** Somebody who waits to be sent. */
export type Member = { id: string; tenantId: string; accountId: string | null };

/**
 * Whose turn it is. Tenants take turns, so that one with many transfers does not keep out one with few; within a tenant
 * it is the order of arrival. With `isOneOfAnAccount`, an account's next member waits until the one before is back.
 */
export type Turns = {
  /** How many could be taken now. */
  ready(): number;
  take(most: number): Member[];
  /** A taken member's send is over: its account's next one is ready. */
  done(member: Member): void;
  /** A taken member was not sent after all and waits again. */
  again(member: Member): void;
  /** Those who were never sent. */
  rest(): Member[];
};

export function createTurns(members: Member[], { isOneOfAnAccount }: { isOneOfAnAccount: boolean }): Turns {
  const lines = new Map<string, Member[]>();
  const busy = new Set<string | null>();
  for (const member of members) lineOf(lines, member).push(member);

  const isReady = ({ accountId }: Member) => !isOneOfAnAccount || !busy.has(accountId);

  /** The next of the first tenant that has one ready; that tenant goes to the end of the round. */
  const takeOne = (): Member | undefined => {
    for (const [tenantId, line] of lines) {
      const at = line.findIndex(isReady);
      const [member] = at < 0 ? [] : line.splice(at, 1);
      if (!member) continue;
      lines.delete(tenantId);
      if (line.length > 0) lines.set(tenantId, line);
      busy.add(member.accountId);
      return member;
    }
    return undefined;
  };

  const waiting = () => [...lines.values()].flat();
  return {
    ready: () => {
      const able = waiting().filter(isReady);
      return isOneOfAnAccount ? new Set(able.map(({ accountId }) => accountId)).size : able.length;
    },
    take: (most) => {
      const taken: Member[] = [];
      for (let member = most > 0 ? takeOne() : undefined; member; member = taken.length < most ? takeOne() : undefined)
        taken.push(member);
      return taken;
    },
    done: ({ accountId }) => {
      busy.delete(accountId);
    },
    again: (member) => {
      busy.delete(member.accountId);
      lineOf(lines, member).unshift(member);
    },
    rest: waiting,
  };
}

function lineOf(lines: Map<string, Member[]>, { tenantId }: Member): Member[] {
  const line = lines.get(tenantId) ?? [];
  lines.set(tenantId, line);
  return line;
}
