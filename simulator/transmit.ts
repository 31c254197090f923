import type { ServerResponse } from 'node:http';
import type { Answer } from './answers.ts';
import type { Delivery } from './triggers.ts';

/** Time between two bytes of a dripping answer. */
const dripMs = 50;
/** Larger than any client of a payment rail should read. */
const oversizeBytes = 1 << 20;

/**
 * Sends an answer in the given way. It resolves when the answer is out or the client is gone. Without an
 * answer the connection is closed without a byte. `exit` ends the process: a supervisor starts the bank again.
 */
export async function transmit(
  response: ServerResponse,
  { answer, delivery }: { answer: Answer | null; delivery: Delivery },
  exit: () => void,
): Promise<void> {
  switch (delivery.kind) {
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
      await waitOrClosed(response, delivery.ms);
      return finish(response, answer);
    case 'drip':
      return drip(response, { answer, ms: delivery.ms });
    case 'cut':
      return cut(response, answer);
    case 'not_json':
      response.writeHead(200, { 'Content-Type': 'text/html' }).end('<html><body>Temporarily unavailable</body></html>');
      return;
    case 'oversize':
      response.writeHead(200, { 'Content-Type': 'application/json' });
      response.end(`${textOf(answer).slice(0, -1)},"padding":"${'x'.repeat(oversizeBytes)}"}`);
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
  for (let passed = 0; passed < ms && !response.destroyed; passed += dripMs) {
    response.write(' ');
    await waitOrClosed(response, dripMs);
  }
  if (!response.destroyed) response.end(textOf(answer));
}

const textOf = (answer: Answer | null): string => JSON.stringify(answer?.body ?? {});

/** Resolves after the time, or as soon as the client has gone. */
async function waitOrClosed(response: ServerResponse, ms: number): Promise<void> {
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
