import type { Duplex } from 'node:stream';

/** How long, and for how many bytes, a connection is read after its last answer. */
const lingerBounds = {
  // How long a client has to read its answer and close.
  lingerMs: 2_000,
  // Read and discarded at most: what is common above the limit of a body. The rest waits at the client's side.
  discardBytes: 1_048_576,
} as const;

/**
 * Ends a connection so that the client can still read its last answer: our half is closed, what the client goes on
 * sending is discarded for a moment, then the connection is destroyed. Destroyed at once with unread bytes, the kernel would
 * send a reset, and a client that is still sending would lose the answer. What arrives then is not parsed.
 */
export function linger(socket: Duplex, lastBytes = ''): void {
  let discarded = 0;
  // Node's parser listens here; it must not find another request.
  socket.removeAllListeners('data');
  socket.on('data', (bytes: Buffer) => {
    discarded += bytes.length;
    if (discarded > lingerBounds.discardBytes) socket.pause();
  });
  socket.end(lastBytes);
  // A client that never closes its half must not keep its place.
  setTimeout(() => socket.destroy(), lingerBounds.lingerMs).unref();
}
