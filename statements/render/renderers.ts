import { Bug, check } from '../../domain/check.ts';
import type { Drawn } from '../pdf/draw.ts';
import { type RenderBounds, renderBounds } from './bounds.ts';
import { RenderFault } from './fault.ts';
import { renderer } from './renderer.ts';
import { createSlot, type Slot } from './slot.ts';

/** Threads that draw PDFs, so that seconds of CPU keep no program from its other work. */
export type Renderers = {
  /** The PDF of a document. Throws a {@link RenderFault} when it may work next time, and a Bug when it never will. */
  render(document: Uint8Array): Promise<Uint8Array>;
  /** Ends every thread; what is being drawn, or waits, is rejected as `closed`. */
  close(): Promise<void>;
  /** What decides the bytes of a PDF besides its document. */
  renderer: string;
};

export type RenderOptions = Partial<RenderBounds> & {
  threads: number;
  /** How many characters of a document no font of ours can draw, when there are any. */
  onMissingGlyphs?: (count: number) => void;
  /** What a thread runs; a test puts another program in its place. */
  program?: URL;
};

type Job = { document: Uint8Array; resolve: (drawn: Drawn) => void; reject: (error: Error) => void };

/** Makes the threads: each starts with its first document, has one document at a time, and is replaced when it ends or hangs. */
export function createRenderers({ threads, onMissingGlyphs, program, ...changes }: RenderOptions): Renderers {
  check(Number.isInteger(threads) && threads > 0, 'at least one thread draws');
  const bounds = { ...renderBounds, ...changes };
  const thread = program ?? new URL('thread.ts', import.meta.url);
  const slots = Array.from({ length: threads }, () => createSlot(thread, bounds));
  const free = [...slots];
  const waiting: Job[] = [];
  let isClosed = false;

  const work = async (slot: Slot): Promise<void> => {
    for (let job = waiting.shift(); job; job = waiting.shift()) {
      const answer = await slot.answer(job.document);
      if (isClosed) job.reject(new RenderFault('closed'));
      else if (answer instanceof RenderFault) job.reject(answer);
      else if ('bug' in answer) job.reject(new Bug(answer.bug));
      else job.resolve(answer);
    }
    free.push(slot);
  };
  return {
    renderer,
    render: async (document) => {
      if (isClosed) throw new RenderFault('closed');
      if (waiting.length >= bounds.waitingMax) throw new RenderFault('busy');
      const { pdf, missingGlyphs } = await new Promise<Drawn>((resolve, reject) => {
        waiting.push({ document, resolve, reject });
        const slot = free.pop();
        if (slot) void work(slot);
      });
      if (missingGlyphs > 0) onMissingGlyphs?.(missingGlyphs);
      return pdf;
    },
    close: async () => {
      isClosed = true;
      for (const job of waiting.splice(0)) job.reject(new RenderFault('closed'));
      await Promise.all(slots.map((slot) => slot.end()));
    },
  };
}
