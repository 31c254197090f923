import { closeSync, fsyncSync, openSync, writeSync } from 'node:fs';

/**
 * The reply to one request. `ok`: it was done. `fail`: it was refused for good. `info`: nobody knows (a timeout, a
 * reset, a 5xx): it may have been done, and only the same key can tell.
 */
export type Reply = {
  type: 'ok' | 'fail' | 'info';
  status: number | null;
  code: string | null;
  transferId: string | null;
  isReplay: boolean;
};

/** One operation of one client, as it was meant and as it ended. */
export type Operation<B> = { id: number; client: number; key: string; body: B; tries: Reply[] };

export type History<B> = {
  /** Notes the operation before the request leaves. */
  invoke(client: number, key: string, body: B): Operation<B>;
  /** Notes what came back. */
  reply(operation: Operation<B>, reply: Reply): void;
  operations(): readonly Operation<B>[];
  /** Those whose end nobody knows. */
  open(): Operation<B>[];
  close(): void;
};

/** A client history that survives its writer: every operation is written before its request leaves, every reply before the next one. Times are monotonic nanoseconds. */
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
    reply: (operation, reply) => {
      operation.tries.push(reply);
      write({ op: operation.id, ...reply });
    },
    operations: () => operations,
    open: () => operations.filter((operation) => endOf(operation) === null),
    close: () => closeSync(handle),
  };
}

/** The reply that is final, or null as long as there is none. */
export const endOf = ({ tries }: Operation<unknown>): Reply | null => tries.find(({ type }) => type !== 'info') ?? null;
