import { chmodSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Spec, Validation } from '@cyclonedx/cyclonedx-library';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { foreignParts, type ImageFile, sharesOf } from '../../local/image/files.ts';
import { isAllowed } from '../../local/image/licences.ts';
import { installedIn, readLock } from '../../local/image/packages.ts';
import { createSbom } from '../../local/image/sbom.ts';
import { freePort } from '../../local/ports.ts';
import { type FreshDatabase, unmigratedDatabase } from '../support/fixtures/database.ts';
import { aKey, callOf } from '../support/harness/api.ts';
import { createImage, type Image, imageServices, type Replacements, type Running } from '../support/harness/image.ts';
import { inTime, until } from '../support/harness/in-time.ts';
import { connectToTemporal, registerNamespace, temporalAddress } from '../support/harness/temporal.ts';
import { exists, files as ofTree, read } from '../support/tree.ts';

/**
 * What the Dockerfile puts into the image runs, without a container engine: each command as docker-compose.yml has it, with its environment and
 * nothing else, as a user who can write nothing of it. Only addresses, ports and the namespace are those of this test's servers.
 */
const setUpMs = inTime(180_000);
const withinMs = inTime(300_000);
const running: Record<string, Running> = {};
let image: Image;
let database: FreshDatabase;
let filesBefore: ImageFile[];
let replacements: Replacements = [];
let api = '';
let namespace = '';

beforeAll(async () => {
  image = createImage(() => replacements);
  filesBefore = image.files();
  database = await unmigratedDatabase();
  const connection = await connectToTemporal();
  namespace = await registerNamespace(connection);
  await connection.close();
  const settings = Object.values(imageServices()).flatMap(({ environment }) => Object.entries(environment));
  const named = new Map(settings.filter(([name]) => name.endsWith('_PORT')).map(([name, port]) => [port, name]));
  const ports = await Promise.all([...named.keys()].map(async (port) => [port, String(await freePort())] as const));
  const apiPort = ports.find(([port]) => named.get(port) === 'API_PORT')?.[1];
  api = `http://127.0.0.1:${apiPort}`;
  const login = (role: string, url: string) => [`postgres://${role}@postgres:5432/quittance`, url] as const;
  replacements = [
    login('postgres:owner-of-this-file', database.url),
    login('quittance_api:api-of-this-file', database.api),
    login('quittance_worker:worker-of-this-file', database.worker),
    login('quittance_reader:reader-of-this-file', database.reader),
    ['redis://:cache-of-this-file@redis:6379', process.env['TEST_REDIS_URL'] ?? ''],
    ['temporal:7233', temporalAddress()],
    ['default', namespace],
    ['//simulator:', '//127.0.0.1:'],
    ['//api:', '//127.0.0.1:'],
    ...ports,
  ];
}, setUpMs);
afterAll(async () => {
  await Promise.all(Object.values(running).map((program) => program.stop()));
  await database?.drop();
  image?.remove();
}, setUpMs);

/** Commands that only tasks on AWS have, each with a test of its own below. */
const onlyOnAws = ['drizzle/prepare-server.ts', 'drizzle/write-token.ts', 'worker/scaler/main.ts'].filter(exists);
/** Services that end, and those that go on, each after the ones it needs. */
const oneShots = Object.entries(imageServices()).filter(([, { restart }]) => restart?.startsWith('on-failure'));
const others = Object.entries(imageServices())
  .filter(([name, { healthcheck }]) => healthcheck !== undefined && !['simulator', 'worker', 'api'].includes(name))
  .map(([name]) => name);

test('every command of the tasks on AWS is run here, and every one of docker-compose.yml', () => {
  const ofCompose = Object.values(imageServices()).map(({ entrypoint, command }) => [...entrypoint, ...command][1]);
  const ofTasks = ofTree(/^infra\/.*\.ts$/).flatMap((file) =>
    [...read(file).matchAll(/command: \[\s*'node',\s*'([^']+\.ts)'/g)].map(([, program]) => program),
  );
  expect(ofTasks.length).toBeGreaterThan(4);
  expect(ofTasks.filter((program = '') => !ofCompose.includes(program) && !onlyOnAws.includes(program))).toEqual([]);
  const run = [
    ...oneShots.map(([name]) => name),
    ...others,
    'simulator',
    'worker',
    'api',
    'operator',
    'sample',
    'verify',
  ];
  expect(Object.keys(imageServices()).toSorted()).toEqual(run.toSorted());
});

test('has no native part of another system, and nothing that only development needs', async () => {
  expect(foreignParts(image.app)).toEqual([]);
  const { output, exitCode } = await image.node('-e', "await import('execa')", '--input-type=module');
  expect([exitCode, output]).toEqual([1, expect.stringContaining('ERR_MODULE_NOT_FOUND')]);
});

test('its bill of materials has each package, with its licence and its hash, and no other', async () => {
  const installed = installedIn(image.app);
  const lock = readLock(read('package-lock.json'));
  const sbom = createSbom(installed, lock, { name: 'quittance', version: '0.1.0', at: new Date().toISOString() });
  expect(await new Validation.JsonStrictValidator(Spec.Version.v1dot6).validate(JSON.stringify(sbom))).toBeNull();

  expect(sbom.components.map((one) => `${one['bom-ref']} ${one.version}`)).toEqual(
    installed.map(({ place, version }) => `${place} ${version}`),
  );
  // Each file of node_modules is of one of them.
  const places = new Set(installed.map(({ place }) => `${place}/`));
  const ofNobody = filesBefore.filter(({ path }) => {
    const isOurs = !path.startsWith('node_modules/') || /^node_modules\/\.(bin|package-lock)/.test(path);
    return !isOurs && ![...places].some((place) => path.startsWith(place));
  });
  expect(ofNobody).toEqual([]);

  const all = sbom.components.flatMap((one) => [one, ...(one.components ?? [])]);
  const licences = all.map((one) => [
    one.purl,
    ...one.licenses.map((it) => ('license' in it ? it.license.id : it.expression)),
  ]);
  expect(licences.filter(([, ...names]) => names.length === 0 || !names.every(isAllowed))).toEqual([]);
  for (const { properties, hashes = [] } of all) {
    const [path] = properties.map(({ value }) => value);
    const integrity = hashes.map(({ content }) => `sha512-${Buffer.from(content, 'hex').toString('base64')}`);
    expect([path, integrity]).toEqual([path, [lock[path ?? '']?.integrity]]);
  }
});

test('its size is what docs/aws/images.md says, within a tenth', () => {
  const rows = [...read('docs/aws/images.md').matchAll(/^\| `([\w-]+)` \|[^|]*\| ([\d,]+) \| ([\d.]+) \|$/gm)];
  const written = Object.fromEntries(
    rows.map(([, of = '', files = '', mb = '']) => [of, [Number(files.replaceAll(',', '')), Number(mb)]]),
  );
  const shares = sharesOf(filesBefore);
  const rest = shares.filter(({ of }) => !(of in written));
  // What has no row is small.
  expect(rest.reduce((sum, { bytes }) => sum + bytes, 0)).toBeLessThan(3_000_000);
  for (const [of, [count = 0, mb = 0]] of Object.entries(written)) {
    const share = shares.find((one) => one.of === of);
    const [countOff, bytesOff] = [(share?.files ?? 0) / count, (share?.bytes ?? 0) / 1e6 / mb];
    expect([of, countOff > 0.9 && countOff < 1.1, bytesOff > 0.9 && bytesOff < 1.1]).toEqual([of, true, true]);
  }
  expect(Object.keys(written)).toContain('node_modules');
});

test('nothing of it can be written to, and it says so', async () => {
  const write = (path: string) => image.node('-e', `fs.writeFileSync(${JSON.stringify(join(image.app, path))}, '')`);
  for (const path of ['new.ts', 'api/main.ts', 'node_modules/koa/package.json', 'dist/new.js'])
    expect([path, (await write(path)).output]).toEqual([path, expect.stringMatching(/EACCES|EPERM/)]);
});

test(
  'migrates, makes a key, starts all programs, moves money on both rails, and stops them all well',
  async () => {
    expect(oneShots[0]?.[0]).toBe('migrate');
    for (const [name] of oneShots) expect([name, await image.run(name)]).toMatchObject([name, { exitCode: 0 }]);
    running['simulator'] = await image.start('simulator');
    const [worker, served] = await Promise.all([image.start('worker'), image.start('api')]);
    Object.assign(running, { worker, api: served });
    for (const name of others) running[name] = await image.start(name);
    if (onlyOnAws.includes('worker/scaler/main.ts')) running['scaler'] = await startScaler();

    const sample = await image.run('sample');
    expect(sample).toMatchObject({ exitCode: 0 });
    const [, key = ''] = /Bearer (\S+)'/.exec(sample.output) ?? [];
    const [, line = '{}'] = /-d '(.+)'/.exec(sample.output) ?? [];
    const body = JSON.parse(line);
    const call = callOf(api, key);
    const bank = {
      scheme: 'us_account',
      routing_number: '021000021',
      account_number: '770000000',
      name: 'Ada Lovelace',
    };
    for (const one of [body, { ...body, rail: 'instant', destination: { bank } }]) {
      const transferKey = aKey();
      const made = await call('/v1/transfers', { body: one, key: transferKey });
      expect([one.rail, made.status, made.text]).toEqual([one.rail, 201, expect.any(String)]);
      await until(async () => (await call(`/v1/transfers/${made.body.id}`)).body.status === 'completed', 60_000);
    }
    expect((await call('/docs')).status).toBe(200);
    expect(await image.run('operator', ['tenant', 'create', 'Acme'])).toMatchObject({ exitCode: 0 });
    const verified = await image.run('verify');
    expect([verified.exitCode, verified.output]).toEqual([0, expect.any(String)]);

    for (const [name, program] of Object.entries(running).toReversed()) {
      const end = await program.stop();
      delete running[name];
      expect([name, end.exitCode, end.output]).toEqual([name, 0, expect.any(String)]);
    }
    expect(image.files()).toEqual(filesBefore);
  },
  withinMs,
);

/** As its task on AWS has it: Temporal's address, and a port. */
async function startScaler(): Promise<Running> {
  const port = await freePort();
  const place = { TEMPORAL_ADDRESS: temporalAddress(), TEMPORAL_NAMESPACE: namespace };
  return image.startOther(
    'worker/scaler/main.ts',
    { ...place, SCALER_PORT: String(port) },
    `http://127.0.0.1:${port}/ping`,
  );
}

test.each(['drizzle/prepare-server.ts', 'drizzle/write-token.ts'])(
  '%s has all that it imports, and says what it lacks',
  async (program) => {
    const { exitCode, output } = await image.node(program, 'ledger');
    expect([exitCode, output]).toEqual([1, expect.stringMatching(/[A-Z]+_[A-Z]+/)]);
    expect(output).not.toMatch(/ERR_MODULE_NOT_FOUND|ENOENT|\n\s+at /);
  },
);

// Last, because it breaks the image.
test('a folder that the Dockerfile forgets is seen: its program does not start', async () => {
  chmodSync(image.app, 0o755);
  renameSync(join(image.app, 'ledger'), join(image.root, 'ledger'));
  const { exitCode, output } = await image.run('operator', ['tenant', 'create', 'Acme']);
  expect([exitCode, output]).toEqual([1, expect.stringMatching(/Cannot find module '\S+\/ledger\//)]);
  writeFileSync(join(image.app, 'foreign'), Buffer.from('cffaedfe00000000', 'hex'));
  expect(foreignParts(image.app)).toEqual(['foreign: for macOS']);
});
