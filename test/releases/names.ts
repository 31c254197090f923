import type pg from 'pg';

/** Everything that is new in a run of the story, by name: ids and instants. A replay makes its own. */
export type Names = Record<string, string>;

export const roles = ['owner', 'api', 'worker'] as const;
export type StoryPools = Record<(typeof roles)[number], pg.Pool>;

/** What a run calls a thing; empty where it has no such name. */
export const named = (names: Names, name: string): string => names[name] ?? '';
