import type { ServerResponse } from 'node:http';
import type { FileAnswer } from './answer.ts';
import type { Context } from './middleware/state.ts';

/** How slowly a client may take a file. Only the time counts in which we wait for it. */
export type SendLimits = {
  /** A client that does not take the next 64 KiB for so long loses its file. */
  stallMs: number;
  /** One that takes a little now and then loses it too: all that it is waited for is at most so long … */
  baseMs: number;
  /** … and the time that what was sent takes at this rate: 10 MB within 22 minutes. */
  bytesPerSecondMin: number;
};

const sendLimits: SendLimits = { stallMs: 30_000, baseMs: 60_000, bytesPerSecondMin: 8_192 };

/**
 * Streams a file as fast as its client takes it. What breaks off, by a fault or a client that stalls or is too slow, ends without the last chunk,
 * which HTTP clients report; a fault is thrown.
 */
export async function sendFile(
  ctx: Context,
  { name, type, parts, end }: FileAnswer,
  limits: SendLimits = sendLimits,
): Promise<void> {
  const { res } = ctx;
  // Koa leaves the answer to us.
  ctx.respond = false;
  ctx.status = 200;
  ctx.set({ 'Content-Type': type, 'Content-Disposition': `attachment; filename="${name}"` });
  const write = createWriter(res, limits);
  try {
    // Asked with HEAD, it has headers only.
    if (ctx.method !== 'HEAD') {
      let rows = 0;
      ctx.set('Trailer', 'Row-Count');
      for await (const part of parts) {
        // The client may have gone while the part was read.
        if (res.destroyed) return;
        rows += part.rows;
        if (!(await write(part.text))) return;
      }
      res.addTrailers({ 'Row-Count': String(rows) });
    }
    res.end();
  } finally {
    end();
    if (!res.writableEnded) res.destroy();
  }
}

/** 64 KiB: cut from the bytes, because a text may not be cut within a character. */
const pieceBytes = 65_536;

/** Writes a text and waits until the client took it; false when it has gone, stalls, or was waited for too long in all. */
function createWriter(res: ServerResponse, limits: SendLimits): (text: string) => Promise<boolean> {
  const { stallMs, baseMs, bytesPerSecondMin } = limits;
  let sent = 0;
  let waitedMs = 0;
  return async (text) => {
    const bytes = Buffer.from(text);
    for (let at = 0; at < bytes.length; at += pieceBytes) {
      const piece = bytes.subarray(at, at + pieceBytes);
      sent += piece.length;
      if (res.write(piece)) continue;
      const leftMs = baseMs + (sent * 1_000) / bytesPerSecondMin - waitedMs;
      const since = performance.now();
      if (!(await isDrained(res, Math.min(stallMs, leftMs)))) return false;
      waitedMs += performance.now() - since;
    }
    return true;
  };
}

/** Waits until the client took what was written; false when it has gone or takes longer. */
function isDrained(res: ServerResponse, ms: number): Promise<boolean> {
  return new Promise((resolve) => {
    const end = (): void => {
      clearTimeout(timer);
      res.off('drain', end);
      res.off('close', end);
      resolve(!res.writableNeedDrain && !res.destroyed);
    };
    const timer = setTimeout(end, Math.max(ms, 0));
    res.once('drain', end);
    res.once('close', end);
  });
}
