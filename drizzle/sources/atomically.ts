import type pg from 'pg';

/** Runs the work in one transaction: all of it is written, or nothing. */
export async function atomically<T>(client: pg.Client, work: () => Promise<T>): Promise<T> {
  await client.query('begin');
  try {
    const result = await work();
    await client.query('commit');
    return result;
  } catch (error) {
    await client.query('rollback');
    throw error;
  }
}
