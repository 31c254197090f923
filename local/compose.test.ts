import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { parse } from 'yaml';
import { z } from 'zod';
import { readCodecServerEnv, readEnv } from '../config/env.ts';
import { variables } from '../config/variables.ts';
import { readSettings } from '../simulator/settings.ts';
import { readLocalSettings } from './settings.ts';

/** That the file agrees with the programs that it starts can be tested without a container engine. */
const root = join(import.meta.dirname, '..');
const service = z.object({
  image: z.string().optional(),
  build: z.string().optional(),
  command: z.array(z.string()).optional(),
  entrypoint: z.array(z.string()).optional(),
  profiles: z.array(z.string()).default([]),
  environment: z.record(z.string(), z.string()).optional(),
  ports: z.array(z.string()).default([]),
  cap_drop: z.array(z.string()).default([]),
  security_opt: z.array(z.string()).default([]),
  init: z.boolean().optional(),
  read_only: z.boolean().optional(),
  tmpfs: z.array(z.string()).default([]),
  user: z.string().optional(),
  mem_limit: z.string().optional(),
  pids_limit: z.number().optional(),
  healthcheck: z.object({ test: z.array(z.string()) }).optional(),
  depends_on: z.record(z.string(), z.object({ condition: z.string() })).default({}),
});
const text = readFileSync(join(root, 'docker-compose.yml'), 'utf8');
const { services } = z.object({ services: z.record(z.string(), service) }).parse(parse(text, { merge: true }));
const ours = Object.entries(services).filter(([, { image }]) => image === 'quittance');
const programs = ['api', 'worker'];
const tools = ['operator', 'sample', 'verify'];
const oneShots = ['migrate', 'logins', 'archive-key', 'payload-key', ...tools];

test('starts every program, each by a file that exists and that the image contains', () => {
  const dockerfile = readFileSync(join(root, 'Dockerfile'), 'utf8');
  const programsAndTools = [
    'api',
    'codec-server',
    'migrate',
    'simulator',
    'worker',
    'archive-key',
    'payload-key',
    ...tools,
  ];
  expect(ours.map(([name]) => name).toSorted()).toEqual(programsAndTools.toSorted());
  for (const [name, { entrypoint = [], command = [] }] of ours) {
    const [node, file = ''] = [...entrypoint, ...command];
    expect(node).toBe('node');
    expect([name, file, existsSync(join(root, file))]).toEqual([name, file, true]);
    expect(dockerfile).toContain(`COPY ${file.split('/')[0]} `);
  }
});

test('builds the image once: each service that builds it would restart all others', () => {
  expect(ours.filter(([, { build }]) => build).map(([name]) => name)).toEqual(['migrate']);
});

test('starts a tool only on request', () => {
  const onRequest = Object.entries(services).filter(([, { profiles }]) => profiles.length > 0);
  expect(onRequest.map(([name]) => name).toSorted()).toEqual(tools);
});

test.each(programs)('gives %s settings that it knows and accepts', (name) => {
  const { ARCHIVE_KEY_PATH: key, PAYLOAD_KEYS_PATH: payloadKeys, ...environment } = services[name]?.environment ?? {};
  expect(Object.keys(environment).filter((setting) => !(setting in variables.shape))).toEqual([]);
  // Files of the container, which services of their own make.
  expect(payloadKeys).toBe(services['payload-key']?.command?.at(-1));
  expect(key).toBe(name === 'worker' ? services['archive-key']?.command?.at(-1) : undefined);
  expect(readEnv(environment)).toMatchObject({ mode: 'production', temporal: { address: 'temporal:7233' } });
});

test('gives the codec server settings that it accepts, the keys that the others have, and its address to the UI', () => {
  const { PAYLOAD_KEYS_PATH: keys, ...environment } = services['codec-server']?.environment ?? {};
  expect(keys).toBe(services['api']?.environment?.['PAYLOAD_KEYS_PATH']);
  expect(Object.keys(environment).filter((setting) => /DATABASE|REDIS|STORAGE/.test(setting))).toEqual([]);
  const { codecServer } = readCodecServerEnv(environment);
  expect(codecServer).toMatchObject({ apiUrl: 'http://api:3001', publicUrl: 'http://127.0.0.1:3002' });
  expect(services['temporal']?.command).toContain(`--ui-codec-endpoint=${codecServer.publicUrl}`);
});

test('gives the simulator settings that it accepts', () => {
  expect(readSettings(services['simulator']?.environment ?? {})).toMatchObject({ host: '0.0.0.0', port: 4010 });
});

test('uses the ports of `npm start`, open to this machine only', () => {
  const ports = {
    API_PORT: 'api',
    SIMULATOR_PORT: 'simulator',
    TEMPORAL_UI_PORT: 'temporal',
    CODEC_SERVER_PORT: 'codec-server',
  } as const;
  for (const [setting, name] of Object.entries(ports)) {
    const port = readLocalSettings({}).ports[setting as keyof typeof ports];
    expect(services[name]?.ports).toEqual([`127.0.0.1:${port}:${port}`]);
  }
  const open = Object.entries(services).filter(([, { ports: published }]) => published.length > 0);
  expect(open.map(([name]) => name).toSorted()).toEqual(Object.values(ports).toSorted());
});

test('every address names a service of the file', () => {
  const hosts = ours.flatMap(([, { environment = {} }]) =>
    Object.values(environment).flatMap((value) =>
      URL.canParse(value) && value.includes('//') ? [new URL(value).hostname] : [],
    ),
  );
  // A folder has no host.
  const known = [...Object.keys(services), '127.0.0.1', ''];
  expect([...new Set(hosts)].filter((host) => !known.includes(host))).toEqual([]);
});

test('everything that keeps running has a health check, and is waited for by that', () => {
  for (const [name, { healthcheck }] of Object.entries(services)) {
    expect([name, healthcheck !== undefined]).toEqual([name, !oneShots.includes(name)]);
  }
  for (const { depends_on: needs } of Object.values(services)) {
    for (const [name, { condition }] of Object.entries(needs)) {
      expect(condition).toBe(oneShots.includes(name) ? 'service_completed_successfully' : 'service_healthy');
      expect(services[name]).toBeDefined();
    }
  }
});

test('bounds the memory, the processes and the rights of every container', () => {
  for (const [name, { mem_limit: memory, pids_limit: processes, cap_drop: dropped }] of Object.entries(services)) {
    expect([name, memory, typeof processes, dropped]).toEqual([name, expect.any(String), 'number', ['ALL']]);
  }
});

test('runs our programs as tasks on AWS do: a root that cannot be written to, an init process, no new rights, the user of the image', () => {
  const asOnAws = { init: true, read_only: true, tmpfs: ['/tmp'], security_opt: ['no-new-privileges:true'] };
  for (const [name, { init, read_only, tmpfs, security_opt, user }] of ours) {
    expect([name, { init, read_only, tmpfs, security_opt }, user]).toEqual([name, asOnAws, undefined]);
  }
});

test('asks for a token of who changes what the bank of the simulator does', () => {
  expect(readSettings(services['simulator']?.environment ?? {}).controlToken).toMatch(/./);
});

test('has passwords that no other file of the repository contains', () => {
  const passwords = [...new Set(text.match(/\b[a-z]+-of-this-file\b/g))];
  expect(passwords.length).toBeGreaterThanOrEqual(5);
  const example = readFileSync(join(root, '.env.example'), 'utf8');
  expect(passwords.filter((password) => example.includes(password))).toEqual([]);
});
