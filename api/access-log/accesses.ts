import { v7 as uuidV7 } from 'uuid';
import type { Uuid } from '../../domain/ids.ts';
import type { AccessRow, AccessSubject } from '../../ledger/archive/note-accesses.ts';

/** That somebody read something. `actor`: a key, or {@link linkHolder}. `subjectId` null: a list of them. */
export type Access = { tenantId: Uuid; actor: string; subjectType: AccessSubject; subjectId: Uuid | null };

/** Who downloads by a link of ours is anybody who has it. Who asked for the link was counted with it. */
export const linkHolder = 'link';

/** Who read what, counted by the minute until it is taken. */
export type AccessCounts = {
  note(access: Access): void;
  /** Rows to write now, `max` of them at most. `all`: also what may be read again in this minute, as at the end of the process. */
  take(max: number, all: boolean): AccessRow[];
};

const accessBounds = {
  // What is counted apart: of each minute every subject for every caller. Twice what the flushes of a minute write.
  apartMax: 24_000,
  // Callers and what they read, of which the rest is counted in one row: some times the keys that a process keeps in memory.
  restMax: 30_000,
};

type Counted = Access & { minute: number; count: number; isWritten: boolean };

type CountsDeps = {
  /** Milliseconds since 1970, by the database's clock. */
  nowMs: () => number;
  /** Called for each access that is not counted apart: in the row for the rest, or in none, because there are too many of those. */
  onCrowded: (where: 'rest' | 'nowhere') => void;
  bounds?: typeof accessBounds;
};

/**
 * Opens the counts of a process. What was read is taken at once, and how often it was read again in that minute when the minute is over: so
 * there are two rows of it at most, and a process that is killed takes little along. Where there are too many to be counted apart, the rest
 * of a caller is counted without its subject.
 */
export function createAccessCounts({ nowMs, onCrowded, bounds = accessBounds }: CountsDeps): AccessCounts {
  const apart = new Map<string, Counted>();
  const rest = new Map<string, Counted>();
  const noteRest = (access: Access, minute: number): void => {
    const key = keyOf({ ...access, subjectId: null });
    const hasPlace = rest.has(key) || rest.size < bounds.restMax;
    if (hasPlace) countIn(rest, key, { ...access, subjectId: null, minute });
    onCrowded(hasPlace ? 'rest' : 'nowhere');
  };
  return {
    note: (access) => {
      const minute = minuteOf(nowMs());
      const key = `${minute} ${keyOf(access)}`;
      if (apart.has(key) || apart.size < bounds.apartMax) countIn(apart, key, { ...access, minute });
      else noteRest(access, minute);
    },
    take: (max, all) => {
      const thisMinute = minuteOf(nowMs());
      const restRows = takeFrom(rest, max, () => true);
      const isOver = ({ minute }: Counted): boolean => all || minute !== thisMinute;
      return [...restRows, ...takeFrom(apart, max - restRows.length, isOver)];
    },
  };
}

const keyOf = ({ tenantId, actor, subjectType, subjectId }: Access): string =>
  `${tenantId} ${actor} ${subjectType} ${subjectId ?? 'list'}`;

function countIn(counts: Map<string, Counted>, key: string, first: Access & { minute: number }): void {
  const counted = counts.get(key) ?? { ...first, count: 0, isWritten: false };
  counted.count += 1;
  counts.set(key, counted);
}

/** Takes what is over and forgets it; of what is not, what was not written before. */
function takeFrom(counts: Map<string, Counted>, max: number, isOver: (counted: Counted) => boolean): AccessRow[] {
  const rows: AccessRow[] = [];
  for (const [key, counted] of counts) {
    if (rows.length === max) break;
    if (isOver(counted)) counts.delete(key);
    else if (counted.isWritten) continue;
    if (counted.count > 0) rows.push(rowOf(counted));
    counted.count = 0;
    counted.isWritten = true;
  }
  return rows;
}

const rowOf = ({ tenantId, actor, subjectType, subjectId, minute, count }: Counted): AccessRow => ({
  ...{ id: uuidV7(), tenantId, minute: new Date(minute * minuteMs).toISOString() },
  ...{ actor, subjectType, subjectId, count },
});

const minuteMs = 60_000;
const minuteOf = (ms: number): number => Math.floor(ms / minuteMs);
