import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createSecureContext, type SecureContext, TLSSocket } from 'node:tls';
import { execaSync } from 'execa';

/** Files in PEM form, for a test of TLS. */
export type Certificate = { certPath: string; keyPath: string };

/** Authorities and certificates of one test, in a folder of its own. Made by openssl. */
export type CertificateFolder = {
  /** A new authority that signs itself. */
  authority(name: string): Certificate;
  /** A certificate for those names and addresses (`DNS:localhost`, `IP:127.0.0.1`), valid for so many days from now or, if negative, before it. */
  issue(name: string, by: Certificate, options?: { names?: string; days?: number }): Certificate;
  remove(): void;
};

/** Makes the folder. Its name needs encoding in a URI, as a folder of a person may. */
export function makeCertificateFolder(): CertificateFolder {
  const folder = mkdtempSync(join(tmpdir(), 'quittance tls #1 '));
  const path = (name: string) => join(folder, name);
  const openssl = (...args: string[]) => execaSync('openssl', args, { cwd: folder });
  const newKey = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
  const pair = (name: string) => ({ certPath: path(`${name}.pem`), keyPath: path(`${name}.key`) });
  return {
    authority: (name) => {
      openssl(
        ...['req', '-x509', ...newKey, '-subj', `/CN=${name}`],
        ...['-keyout', `${name}.key`, '-out', `${name}.pem`],
      );
      return pair(name);
    },
    issue: (name, by, { names = 'DNS:localhost,IP:127.0.0.1', days = 1 } = {}) => {
      openssl('req', ...newKey, '-subj', `/CN=${name}`, '-keyout', `${name}.key`, '-out', `${name}.csr`);
      writeFileSync(path(`${name}.ext`), `subjectAltName=${names}\nextendedKeyUsage=serverAuth,clientAuth\n`);
      const signer = ['-CA', by.certPath, '-CAkey', by.keyPath, '-set_serial', String(Date.now())];
      openssl(
        'x509',
        '-req',
        '-in',
        `${name}.csr`,
        ...signer,
        '-days',
        String(days),
        '-extfile',
        `${name}.ext`,
        '-out',
        `${name}.pem`,
      );
      return pair(name);
    },
    remove: () => rmSync(folder, { recursive: true }),
  };
}

/** How TLS begins: with the first byte, or after Postgres's question for it. */
type Beginning = 'at once' | 'asked by Postgres';

export type TlsProxy = { port: number; close(): void };

/** A server that speaks TLS with its clients, with HTTP/2 if they want it, and passes on what they say to a plain one. */
export async function startTlsProxy(options: {
  to: number;
  certificate: Certificate;
  beginning?: Beginning;
  /** The authority of clients, which must then show a certificate of it. */
  clientAuthority?: Certificate;
}): Promise<TlsProxy> {
  const { to, certificate, beginning = 'at once', clientAuthority } = options;
  const context = createSecureContext({
    cert: readFileSync(certificate.certPath),
    key: readFileSync(certificate.keyPath),
    ...(clientAuthority && { ca: readFileSync(clientAuthority.certPath) }),
  });
  const secure = { secureContext: context, clients: clientAuthority !== undefined, to };
  const server = createServer((socket) => {
    socket.on('error', () => {});
    if (beginning === 'at once') passOn(socket, secure);
    else
      socket.once('data', () => {
        socket.pause();
        socket.write('S', () => passOn(socket, secure));
      });
  }).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  return { port: portOf(server), close: () => server.close() };
}

function passOn(
  socket: Socket,
  { secureContext, clients, to }: { secureContext: SecureContext; clients: boolean; to: number },
): void {
  const secured = new TLSSocket(socket, {
    ...{ isServer: true, secureContext, ALPNProtocols: ['h2', 'redis', 'postgresql'] },
    ...{ requestCert: clients, rejectUnauthorized: clients },
  });
  const plain = connect(to, '127.0.0.1');
  for (const [one, other] of [
    [secured, plain],
    [plain, secured],
  ] as const) {
    one.on('error', () => other.destroy());
    one.on('close', () => other.destroy());
  }
  secured.pipe(plain).pipe(secured);
}

function portOf(server: Server): number {
  const { port } = server.address() as AddressInfo; // A server that listens on TCP has one.
  return port;
}
