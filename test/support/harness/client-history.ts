import { closeSync, fsyncSync, openSync, writeSync } from 'node:fs';

/**
 * What one request was told. `ok`: it was done. `fail`: it was refused for good. `info`: nobody knows (a timeout, a
 * reset, a 5xx): it may have been done, and only the same key can tell.
 */
export type Told = {
  type: 'ok' | 'fail' | 'info';
  status: number | null;
  code: string | null;
  transferId: string | null;
  isReplay: boolean;
};

/** One operation of one client, as it was meant and as it ended. */
export type Operation<B> = { id: number; client: number; key: string; body: B; tries: Told[] };

export type History<B> = {
  /** Notes the wish before the request leaves. */
  invoke(client: number, key: string, body: B): Operation<B>;
  /** Notes what came back. */
  told(operation: Operation<B>, told: Told): void;
  operations(): readonly Operation<B>[];
  /** Those that nobody has been told the end of. */
  open(): Operation<B>[];
  close(): void;
};

/** A client history that survives its writer: every wish is written before its request leaves, every answer before the next wish. Times are monotonic nanoseconds. */
export function createHistory<B>(file: string): History<B> {
  const handle = openSync(file, 'a');
  const operations: Operation<B>[] = [];
  const write = (line: object) => {
    writeSync(handle, `${JSON.stringify({ ...line, ns: process.hrtime.bigint().toString() })}\n`);
    fsyncSync(handle);
  };
  return {
    invoke: (client, key, body) => {
      const operation: Operation<B> = { id: operations.length, client, key, body, tries: [] };
      operations.push(operation);
      write({ type: 'invoke', op: operation.id, client, key, body });
      return operation;
    },
    told: (operation, told) => {
      operation.tries.push(told);
      write({ op: operation.id, ...told });
    },
    operations: () => operations,
    open: () => operations.filter((operation) => endOf(operation) === null),
    close: () => closeSync(handle),
  };
}

/** What an operation was told for good, or null as long as that is open. */
export const endOf = ({ tries }: Operation<unknown>): Told | null => tries.find(({ type }) => type !== 'info') ?? null;
