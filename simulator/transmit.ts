import type { ServerResponse } from 'node:http';
import type { Answer } from './answers.ts';
import type { Manner } from './triggers.ts';

/** Time between two bytes of a dripping answer. */
const DRIP_MS = 50;
/** Larger than any client of a payment rail should read. */
const OVERSIZE_BYTES = 1 << 20;

/**
 * Puts an answer on the wire in the given manner. It resolves when the answer is out or the client is gone. Without an
 * answer the connection ends in silence. `exit` ends the process: a supervisor starts the bank again.
 */
export async function play(
  response: ServerResponse,
  { answer, manner }: { answer: Answer | null; manner: Manner },
  exit: () => void,
): Promise<void> {
  switch (manner.kind) {
    case 'plain':
      return finish(response, answer);
    case 'exit':
      return exit();
    case 'reset':
      response.socket?.resetAndDestroy();
      return;
    case 'close':
      response.socket?.destroy();
      return;
    case 'hang':
      await overOrGone(response, manner.ms);
      return finish(response, answer);
    case 'drip':
      return drip(response, { answer, ms: manner.ms });
    case 'cut':
      return cut(response, answer);
    case 'not_json':
      response.writeHead(200, { 'Content-Type': 'text/html' }).end('<html><body>Temporarily unavailable</body></html>');
      return;
    case 'oversize':
      response.writeHead(200, { 'Content-Type': 'application/json' });
      response.end(`${textOf(answer).slice(0, -1)},"padding":"${'x'.repeat(OVERSIZE_BYTES)}"}`);
  }
}

function finish(response: ServerResponse, answer: Answer | null): void {
  if (response.destroyed) return;
  if (!answer) {
    response.socket?.destroy();
    return;
  }
  const text = textOf(answer);
  const headers = { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(text), ...answer.headers };
  response.writeHead(answer.status, headers).end(text);
}

/** Announces the whole body, sends half of it, and closes. */
function cut(response: ServerResponse, answer: Answer | null): void {
  const text = textOf(answer);
  response.writeHead(200, { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(text) });
  response.write(text.slice(0, text.length / 2), () => response.socket?.destroy());
}

/** Spaces may stand before JSON, so a client that waits only for the next byte never ends. */
async function drip(response: ServerResponse, { answer, ms }: { answer: Answer | null; ms: number }): Promise<void> {
  response.writeHead(200, { 'Content-Type': 'application/json' });
  for (let passed = 0; passed < ms && !response.destroyed; passed += DRIP_MS) {
    response.write(' ');
    await overOrGone(response, DRIP_MS);
  }
  if (!response.destroyed) response.end(textOf(answer));
}

const textOf = (answer: Answer | null): string => JSON.stringify(answer?.body ?? {});

/** Resolves after the time, or as soon as the client has gone. */
async function overOrGone(response: ServerResponse, ms: number): Promise<void> {
  await new Promise<void>((resolve) => {
    const timer = setTimeout(done, ms);
    response.once('close', done);
    function done(): void {
      clearTimeout(timer);
      response.off('close', done);
      resolve();
    }
  });
}
