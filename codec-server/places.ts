/** Places for work of many owners. */
export type Places = {
  /** Takes a place, and answers what gives it back; null when the owner, or all together, have none left. */
  take: (owner: string) => (() => void) | null;
};

/** At most so many of one owner, and of all. An owner without work is not remembered. */
export function createPlaces({ ofSession, ofAll }: { ofSession: number; ofAll: number }): Places {
  const counts = new Map<string, number>();
  let all = 0;
  return {
    take: (owner) => {
      const count = counts.get(owner) ?? 0;
      if (count >= ofSession || all >= ofAll) return null;
      counts.set(owner, count + 1);
      all += 1;
      return () => {
        all -= 1;
        const left = (counts.get(owner) ?? 1) - 1;
        if (left === 0) counts.delete(owner);
        else counts.set(owner, left);
      };
    },
  };
}
