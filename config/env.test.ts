import { generateKeyPairSync } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { inspect } from 'node:util';
import { afterAll, expect, test } from '@jest/globals';
import { makeCertificateFolder } from '../test/support/servers/tls.ts';
import { BadSettings, readCodecServerEnv, readEnv, readScalerEnv } from './env.ts';
import { describeSettings, variables } from './variables.ts';

const least = { DATABASE_URL: 'postgres://api:hush@127.0.0.1:5433/quittance' };

test('needs nothing but the database, the rest has defaults', () => {
  const env = readEnv(least);
  expect(env.api).toMatchObject({ host: '127.0.0.1', port: 3001, metricsPort: 9464, docs: true });
  expect(env.redis.url).toBeNull();
  expect(env.worker.roles).toEqual(['all']);
  expect(env.notices.allowPrivate).toBe(false);
});

test('names every wrong variable in one message, and shows no value', () => {
  const broken = {
    ...least,
    DATABASE_URL: 'mysql://root:hush@db',
    API_PORT: 'many',
    WORKER_ROLES: 'groups,all-of-it',
    LOG_LEVEL: '',
  };
  const read = () => readEnv(broken);
  expect(read).toThrow(BadSettings);
  expect(read).toThrow(/DATABASE_URL.*\n.*API_PORT.*\n.*WORKER_ROLES/);
  expect(read).not.toThrow(/hush/);
});

test('terms and waits that are not set replace nothing', () => {
  const env = readEnv({
    ...least,
    RAIL_INSTANT_QUIET_PERIOD_MS: '50',
    RAIL_INSTANT_INQUIRY_WAITS_MS: '10,20',
    SWEEP_GRACE_MS: '300',
  });
  expect(env.rails['instant']?.terms).toEqual({ quietPeriodMs: 50, inquiryWaitsMs: [10, 20] });
  expect(env.sweep).toEqual({ overdueGraceMs: 300 });
});

test('counts an empty variable as absent', () => {
  expect(readEnv({ ...least, REDIS_URL: '', LOG_LEVEL: '' })).toMatchObject({
    redis: { url: null, ca: null },
    log: { level: 'info' },
  });
});

test.each([
  [{}, 'http://127.0.0.1:3001'],
  [{ API_HOST: '0.0.0.0', API_PORT: '80' }, 'http://127.0.0.1:80'],
  [{ API_HOST: '::' }, 'http://[::1]:3001'],
  [{ API_HOST: '10.0.0.7', API_PUBLIC_URL: 'https://api.example.com/bank' }, 'https://api.example.com/bank'],
])('with %j clients reach the API at %s', (settings, url) => {
  expect(readEnv({ ...least, ...settings }).api.publicUrl).toBe(url);
});

test.each(['https://api.example.com/', 'https://me:hush@api.example.com', 'https://api.example.com?x', 'ftp://h'])(
  '%s is no address that links can begin with',
  (url) => expect(() => readEnv({ ...least, API_PUBLIC_URL: url })).toThrow(/API_PUBLIC_URL: must be/),
);

test('prints a secret as [secret] in every form of output', () => {
  const env = readEnv({ ...least, REDIS_URL: 'redis://:hush@127.0.0.1:6380' });
  expect(env.database.url.reveal()).toBe(least.DATABASE_URL);
  for (const printed of [JSON.stringify(env), inspect(env, { depth: 9 }), `${env.database.url}`]) {
    expect(printed).toContain('[secret]');
    expect(printed).not.toContain('hush');
  }
});

test('says of a wrong setting what it means, with an example, on one line', () => {
  expect(() => readEnv({ ...least, API_PORT: 'many' })).toThrow(
    'These settings cannot be used:\n  API_PORT: must be a port number. The port on which the API listens. 0 asks the system for a free one. Example: 3001',
  );
  expect(() => readEnv({})).toThrow(/^ {2}DATABASE_URL: .*\. Example: postgres:\/\//m);
});

const certificates = makeCertificateFolder();
const { certPath, keyPath } = certificates.authority('authority');
const pem = { cert: readFileSync(certPath, 'utf8'), key: readFileSync(keyPath, 'utf8') };
afterAll(() => certificates.remove());

test.each(describeSettings(variables))('$name has a meaning, and an example', (setting) => {
  expect(setting.meaning).toMatch(/\.$/);
  expect(setting.example).not.toBe('');
});

/** Those of files and of tokens have others beside them, and tests of their own. */
const withExample = describeSettings(variables).filter(
  ({ name }) => !/_(CERT|KEYS?)_(PATH|DATA)$|_IAM_|_ENCRYPT_WITH$/.test(name),
);
test.each(withExample)('$name accepts its example', ({ name, example }) => {
  expect(() => readEnv({ ...least, [name]: example })).not.toThrow();
});

const cert = { TEMPORAL_TLS_CLIENT_CERT_PATH: certPath };
const key = { TEMPORAL_TLS_CLIENT_KEY_PATH: keyPath };

test.each([
  [{}, null],
  [{ TEMPORAL_TLS: 'false', TEMPORAL_TLS_SERVER_NAME: 'x' }, null],
  [{ TEMPORAL_TLS: 'true' }, { ca: null, serverName: null, client: null }],
  [{ TEMPORAL_API_KEY: 'key' }, { ca: null, serverName: null, client: null }],
  [{ TEMPORAL_TLS_SERVER_NAME: 'x' }, { ca: null, serverName: 'x', client: null }],
  [{ TEMPORAL_TLS_SERVER_CA_CERT_PATH: certPath }, { ca: pem.cert, serverName: null, client: null }],
  [{ TEMPORAL_TLS_SERVER_CA_CERT_DATA: pem.cert }, { ca: pem.cert, serverName: null, client: null }],
  [
    { ...cert, TEMPORAL_TLS_CLIENT_KEY_DATA: pem.key },
    { ca: null, serverName: null, client: { cert: pem.cert, key: expect.anything() } },
  ],
])('Temporal by TLS, or not, as %o says', (settings, tls) => {
  expect(readEnv({ ...least, ...settings }).temporal.tls).toEqual(tls);
});

test.each([
  [
    { TEMPORAL_TLS_SERVER_CA_CERT_PATH: '/nowhere' },
    'TEMPORAL_TLS_SERVER_CA_CERT_PATH: names a file that cannot be read (ENOENT)',
  ],
  [
    { TEMPORAL_TLS_SERVER_CA_CERT_PATH: keyPath },
    'TEMPORAL_TLS_SERVER_CA_CERT_PATH: must hold a certificate in PEM form',
  ],
  [
    { ...cert, TEMPORAL_TLS_CLIENT_KEY_PATH: certPath },
    'TEMPORAL_TLS_CLIENT_KEY_PATH: must hold a private key in PEM form',
  ],
  [cert, 'TEMPORAL_TLS_CLIENT_KEY_PATH: is needed with a certificate of our own'],
  [key, 'TEMPORAL_TLS_CLIENT_CERT_PATH: is needed with a private key'],
  [
    { ...cert, ...key, TEMPORAL_TLS_CLIENT_CERT_DATA: pem.cert },
    'TEMPORAL_TLS_CLIENT_CERT_DATA: stands beside TEMPORAL_TLS_CLIENT_CERT_PATH',
  ],
  [{ TEMPORAL_TLS: 'false', TEMPORAL_API_KEY: 'hush' }, 'TEMPORAL_TLS: must not be false with TEMPORAL_API_KEY'],
  [{ TEMPORAL_API_KEY: 'hu sh' }, 'TEMPORAL_API_KEY: must be printable ASCII without spaces'],
  [
    { REDIS_URL: 'redis://h', REDIS_TLS_CA_CERT_PATH: certPath },
    'REDIS_TLS_CA_CERT_PATH: is of no use with a REDIS_URL that begins with redis://',
  ],
  [
    { DATABASE_URL: 'postgres://u:hush@h/d?sslmode=require' },
    'DATABASE_URL: must have no sslmode but verify-full or disable',
  ],
  [{ DATABASE_URL: 'postgres://u:hush@h/d?ssl=no-verify' }, 'DATABASE_URL: must ask for TLS with sslmode=verify-full'],
  [
    { DATABASE_URL: 'postgres://u:hush@h/d?sslrootcert=/nowhere' },
    'DATABASE_URL: has an sslrootcert that names a file that cannot be read (ENOENT)',
  ],
  [
    { DATABASE_URL: `postgres://u:hush@h/d?sslrootcert=${certPath}` },
    'DATABASE_URL: must be a URL without a #: write it as %23',
  ],
])('refuses the settings %o with a sentence that holds no secret', (settings, problem) => {
  const read = () => readEnv({ ...least, ...settings });
  expect(read).toThrow(`These settings cannot be used:\n  ${problem}`);
  expect(read).not.toThrow(/hush/);
});

test.each([
  ['https://s3.eu-central-1.amazonaws.com', true],
  ['http://id:secret@127.0.0.1:7070', true],
  ['file:///var/lib/quittance/objects', true],
  ['https://id@s3.example.com', false],
  ['https://:hush@s3.example.com', false],
  ['https://s3.example.com/bucket', false],
  ['https://s3.example.com/?a=b', false],
  ['file://host/folder', false],
  ['file:///', false],
  ['s3://bucket', false],
])('an object store is an endpoint, with a whole login or none, or a folder: %s', (url, isTaken) => {
  const read = () => readEnv({ ...least, STORAGE_URL: url });
  if (isTaken) expect(read().storage.url?.reveal()).toBe(url);
  else expect(read).toThrow(/STORAGE_URL: must be/);
  expect(readEnv(least).storage).toMatchObject({ url: null, retention: { mode: 'compliance', years: 7 } });
});

test.each([
  ['https://app.example.com', ['https://app.example.com']],
  ['https://app.example.com, http://127.0.0.1:5173', ['https://app.example.com', 'http://127.0.0.1:5173']],
  [undefined, []],
])('origins are taken as browsers write them: %s', (text, origins) => {
  expect(readEnv({ ...least, CORS_ORIGINS: text }).api.corsOrigins).toEqual(origins);
});

test.each([
  ...['*', 'null', 'app.example.com', 'https://*.example.com', 'https://app.example.com/', 'https://App.example.com'],
  ...[
    'https://app.example.com:443',
    'https://user@app.example.com',
    'ftp://app.example.com',
    'file:///x',
    'https://a.b,',
  ],
  Array.from({ length: 21 }, (_, n) => `https://app${n}.example.com`).join(','),
])('an origin that no browser would send, or one too many, is refused: %s', (text) => {
  expect(() => readEnv({ ...least, CORS_ORIGINS: text })).toThrow(/CORS_ORIGINS: must be/);
});

const pemOf = (type: 'ed25519' | 'x25519'): string => {
  const { privateKey } = type === 'ed25519' ? generateKeyPairSync('ed25519') : generateKeyPairSync('x25519');
  return privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
};
const ours = pemOf('ed25519');

test.each([
  ['one key', ours, true],
  ['the old and the new one', `${ours}${pemOf('ed25519')}`, true],
  ['five', ours.repeat(5), false],
  ['one of another algorithm', pemOf('x25519'), false],
  ['one that is damaged', ours.replace('MC', 'XX'), false],
  ['a certificate', pem.cert, false],
])('the archive is signed by one Ed25519 key, or by some while they change: %s', (_, text, isTaken) => {
  const path = keyPath.replace(/[^/]+$/, 'archive.pem');
  writeFileSync(path, text);
  const read = () => readEnv({ ...least, ARCHIVE_KEY_PATH: path });
  if (isTaken) expect(read().archive.keys?.reveal()).toBe(text);
  else expect(read).toThrow(/ARCHIVE_KEY_PATH: must hold 1 to 4 Ed25519 private keys/);
});

test.each([
  [{}, { url: null, region: 'us-east-1', bucketPrefix: 'quittance', owner: null }],
  [
    { STORAGE_REGION: 'eu-west-1', STORAGE_BUCKET_PREFIX: 'ours', ARCHIVE_COPY_REGION: 'eu-west-2' },
    { region: 'eu-west-2', bucketPrefix: 'ours' },
  ],
])('the second store of the archive is like the first, except what is said of it: %j', (settings, copy) => {
  expect(readEnv({ ...least, ...settings }).archive.copy).toMatchObject(copy);
});

const [store, copyOf] = ['http://id:hush@127.0.0.1:7070', 'ARCHIVE_COPY_URL: is the store of STORAGE_URL'];
test.each<[Record<string, string>, string | null]>([
  [{ STORAGE_URL: store, ARCHIVE_COPY_URL: 'http://other:hush@127.0.0.1:7070' }, copyOf],
  [{ STORAGE_URL: 'file:///var/objects', ARCHIVE_COPY_URL: 'file:///var/objects/' }, copyOf],
  [{ STORAGE_URL: store, ARCHIVE_COPY_URL: store, ARCHIVE_COPY_BUCKET_PREFIX: 'quittance' }, copyOf],
  [{ STORAGE_URL: store, ARCHIVE_COPY_URL: store, ARCHIVE_COPY_BUCKET_PREFIX: 'copies' }, null],
  [{ STORAGE_URL: store, ARCHIVE_COPY_URL: 'file:///var/objects' }, null],
  [{ ARCHIVE_ORIGIN: 'https://example.com/archive' }, 'ARCHIVE_ORIGIN: must be a host with a path'],
  [{ ARCHIVE_KEY_NAME: 'our key' }, 'ARCHIVE_KEY_NAME: must be 1 to 100 letters'],
])('the settings %j of the archive contradict nothing, or are refused', (settings, problem) => {
  const read = () => readEnv({ ...least, ...settings });
  if (problem === null) expect(read).not.toThrow();
  else expect(read).toThrow(problem);
  if (problem !== null) expect(read).not.toThrow(/hush/);
});

test('the scaler needs nothing but Temporal, also at Temporal Cloud, where it encrypts nothing', () => {
  const cloud = { NODE_ENV: 'production', TEMPORAL_ADDRESS: 'ns.acme.tmprl.cloud:7233', TEMPORAL_API_KEY: 'key' };
  expect(readScalerEnv(cloud)).toMatchObject({ scaler: { port: 9466, everyMs: 20_000, metricsNamespace: null } });
  expect(() => readScalerEnv({ SCALER_EVERY_MS: '100' })).toThrow('SCALER_EVERY_MS: must be at least 1000');
});

test('the codec server needs no database, and is on the host of the UI by default', () => {
  const { codecServer, temporal } = readCodecServerEnv({ API_PORT: '4001' });
  expect(codecServer).toMatchObject({ publicUrl: 'http://127.0.0.1:3002', apiUrl: 'http://127.0.0.1:4001' });
  expect(new URL(codecServer.publicUrl).hostname).toBe(new URL(temporal.uiUrl).hostname);
  const refused = () => readCodecServerEnv({ CODEC_SERVER_PUBLIC_URL: 'https://codec.example.com/path' });
  expect(refused).toThrow('CODEC_SERVER_PUBLIC_URL: must be an origin');
});
