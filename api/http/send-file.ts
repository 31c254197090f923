import type { ServerResponse } from 'node:http';
import type { FileAnswer } from './answer.ts';
import type { Context } from './middleware/state.ts';

/** A client that takes nothing for so long loses its file. */
const stallMs = 30_000;

/**
 * Streams a file as fast as its client takes it. What breaks off, by a fault or a client that stalls, ends without the last chunk,
 * which HTTP clients report; a fault is thrown.
 */
export async function sendFile(ctx: Context, { name, type, parts, end }: FileAnswer): Promise<void> {
  const { res } = ctx;
  // Koa leaves the answer to us.
  ctx.respond = false;
  ctx.status = 200;
  ctx.set({ 'Content-Type': type, 'Content-Disposition': `attachment; filename="${name}"` });
  try {
    // Asked with HEAD, it has headers only.
    if (ctx.method !== 'HEAD') {
      let rows = 0;
      ctx.set('Trailer', 'Row-Count');
      for await (const part of parts) {
        // The client may have gone while the part was read.
        if (res.destroyed) return;
        rows += part.rows;
        if (!res.write(part.text) && !(await isDrained(res))) return;
      }
      res.addTrailers({ 'Row-Count': String(rows) });
    }
    res.end();
  } finally {
    end();
    if (!res.writableEnded) res.destroy();
  }
}

/** Waits until the client took what was written; false when it has gone or stalls. */
function isDrained(res: ServerResponse): Promise<boolean> {
  return new Promise((resolve) => {
    const end = (): void => {
      clearTimeout(timer);
      res.off('drain', end);
      res.off('close', end);
      resolve(!res.writableNeedDrain && !res.destroyed);
    };
    const timer = setTimeout(end, stallMs);
    res.once('drain', end);
    res.once('close', end);
  });
}
