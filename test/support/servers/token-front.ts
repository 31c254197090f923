import { createHash, createHmac, pbkdf2Sync, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { claimsOf, type TokenClaims } from './signed-token.ts';

/** What lets logins by token into a Postgres: as Amazon's servers do it, before a real one that has passwords. */
export type TokenFront = {
  port: number;
  /** The tokens that were shown, those that were refused among them. */
  shown: { login: string; claims: TokenClaims | null; isTaken: boolean }[];
  /** From now on tokens that were signed earlier are over. */
  expire(): void;
  /** Ends every connection, as a failover does. */
  cut(): void;
  close(): void;
};

/**
 * Starts one before the Postgres at `to`, whose roles all have `password`. It takes a token that was signed with `secretKey` for `host()`, for the
 * user that logs in, and that is not over. In plain text: TLS ends before it.
 */
export async function startTokenFront(options: {
  to: number;
  password: string;
  secretKey: string;
  host: () => string;
}): Promise<TokenFront> {
  const { to, password, secretKey, host } = options;
  const open = new Set<Socket>();
  let validFrom = 0;
  const isTaken = (login: string, claims: TokenClaims | null): boolean =>
    claims !== null &&
    claims.opens === 'rds-db' &&
    claims.host === host() &&
    claims.query['Action'] === 'connect' &&
    claims.query['DBUser'] === login &&
    claims.signedAt.getTime() >= validFrom &&
    claims.signedAt.getTime() + claims.seconds * 1_000 > Date.now();
  const server = createServer((client) => {
    open.add(client);
    client.on('close', () => open.delete(client));
    client.on('error', () => client.destroy());
    letIn(client).catch(() => client.destroy());
  }).listen(0, '127.0.0.1');
  const letIn = async (client: Socket): Promise<void> => {
    const read = reader(client);
    const startup = await read.startup();
    const login = /\0?user\0([^\0]*)\0/.exec(startup.subarray(8).toString())?.[1] ?? '';
    client.write(message('R', int32(3)));
    const { body } = await read.message();
    const claims = claimsOf(body.subarray(0, -1).toString(), secretKey);
    const taken = { login, claims, isTaken: isTaken(login, claims) };
    front.shown.push(taken);
    if (!taken.isTaken) return void client.end(message('E', Buffer.from(refusal)));
    const upstream = connect(to, '127.0.0.1');
    upstream.on('error', () => client.destroy());
    upstream.on('close', () => client.destroy());
    client.on('close', () => upstream.destroy());
    const answers = reader(upstream);
    upstream.write(startup);
    await logIn(upstream, answers, password);
    answers.passOn(client);
    read.passOn(upstream);
  };
  await once(server, 'listening');
  const front: TokenFront = {
    port: (server.address() as AddressInfo).port, // A server that listens on TCP has one.
    shown: [],
    expire: () => {
      // Tokens have whole seconds.
      validFrom = Math.floor(Date.now() / 1_000) * 1_000 + 1_000;
    },
    cut: () => {
      for (const socket of open) socket.destroy();
    },
    close: () => server.close(),
  };
  return front;
}

const refusal = 'SFATAL\0VFATAL\0C28P01\0MPAM authentication failed\0\0';

/** SCRAM-SHA-256 (RFC 5802), until the server says that it is done; that it says so is passed on to whom this is for. */
async function logIn(server: Socket, read: ReturnType<typeof reader>, password: string): Promise<void> {
  await read.message();
  const bare = `n=,r=${randomBytes(18).toString('base64')}`;
  const first = Buffer.from(`n,,${bare}`);
  server.write(message('p', Buffer.concat([Buffer.from('SCRAM-SHA-256\0'), int32(first.length), first])));
  const challenge = (await read.message()).body.subarray(4).toString();
  const [, nonce = '', salt = '', rounds = ''] = /^r=([^,]+),s=([^,]+),i=(\d+)/.exec(challenge) ?? [];
  const salted = pbkdf2Sync(password, Buffer.from(salt, 'base64'), Number(rounds), 32, 'sha256');
  const clientKey = hmac(salted, 'Client Key');
  const stored = createHash('sha256').update(clientKey).digest();
  const signature = hmac(stored, `${bare},${challenge},c=biws,r=${nonce}`);
  const proof = clientKey.map((byte, i) => byte ^ (signature[i] ?? 0));
  server.write(message('p', Buffer.from(`c=biws,r=${nonce},p=${Buffer.from(proof).toString('base64')}`)));
  await read.message();
}

const hmac = (key: Buffer, text: string): Buffer => createHmac('sha256', key).update(text).digest();

function int32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32BE(value);
  return bytes;
}

const message = (type: string, body: Buffer): Buffer =>
  Buffer.concat([Buffer.from(type), int32(body.length + 4), body]);

/** Reads messages of Postgres' protocol, one at a time, and then passes on what follows. */
function reader(socket: Socket) {
  let bytes = Buffer.alloc(0);
  let waiting = () => {};
  const onData = (more: Buffer) => {
    bytes = Buffer.concat([bytes, more]);
    waiting();
  };
  socket.on('data', onData);
  const take = async (prefix: number): Promise<Buffer> => {
    while (bytes.length < prefix + 4 || bytes.length < prefix + bytes.readInt32BE(prefix))
      await new Promise<void>((resolve, reject) => {
        waiting = resolve;
        socket.once('close', () => reject(new Error('the connection has ended')));
      });
    const length = prefix + bytes.readInt32BE(prefix);
    const taken = bytes.subarray(0, length);
    bytes = bytes.subarray(length);
    return taken;
  };
  return {
    startup: () => take(0),
    message: async () => {
      const taken = await take(1);
      return { type: String.fromCharCode(taken[0] ?? 0), body: taken.subarray(5) };
    },
    passOn: (to: Socket) => {
      socket.off('data', onData);
      to.write(bytes);
      socket.pipe(to);
    },
  };
}
