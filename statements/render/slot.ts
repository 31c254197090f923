import { Worker } from 'node:worker_threads';
import type { RenderBounds } from './bounds.ts';
import { RenderFault } from './fault.ts';
import type { Answer } from './thread.ts';

/** The place of one thread. It has none before its first document, and after one that ended. */
export type Slot = {
  /** Gives a document to the thread, starts one if there is none. One at a time. Never rejects: the caller would wait without an end. */
  answer(document: Uint8Array): Promise<Answer | RenderFault>;
  end(): Promise<void>;
};

export function createSlot(program: URL, { documentMs, documentsPerThreadMax, heapMiBMax }: RenderBounds): Slot {
  let thread: Worker | null = null;
  let documents = 0;

  const start = (): Worker => {
    const started = new Worker(program, { resourceLimits: { maxOldGenerationSizeMb: heapMiBMax } });
    // A document that is waited for has a timer that keeps the process; an idle thread does not.
    started.unref();
    // The exit that follows an error rejects the document; without a listener the error would end the process.
    started.on('error', () => {});
    started.once('exit', () => {
      if (thread === started) thread = null;
    });
    documents = 0;
    return started;
  };
  const end = async (): Promise<void> => {
    const ending = thread;
    thread = null;
    await ending?.terminate();
  };
  return {
    end,
    answer: async (document) => {
      try {
        thread ??= start();
        const answer = await answerOf(thread, document, documentMs);
        documents += 1;
        if (answer instanceof RenderFault || documents >= documentsPerThreadMax) await end();
        return answer;
      } catch (cause) {
        // A machine that has no room for a thread now, or one that does not end.
        return new RenderFault('crashed', { cause });
      }
    },
  };
}

/** What a thread answers to a document, or why it does not. */
function answerOf(thread: Worker, document: Uint8Array, withinMs: number): Promise<Answer | RenderFault> {
  return new Promise((resolve) => {
    let cause: unknown;
    const settle = (answer: Answer | RenderFault): void => {
      clearTimeout(timer);
      thread.off('message', settle).off('error', onError).off('exit', onExit);
      resolve(answer);
    };
    const onError = (error: unknown): void => {
      cause = error;
    };
    const onExit = (): void => settle(new RenderFault('crashed', { cause }));
    const timer = setTimeout(() => settle(new RenderFault('timeout')), withinMs);
    thread.once('message', settle).once('error', onError).once('exit', onExit);
    thread.postMessage(document);
  });
}
