import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from '@jest/globals';
import { readCodecServerEnv, readEnv, readScalerEnv } from '../../config/env.ts';
import { networkNames, networks } from '../../rails/index.ts';
import { readSettings } from '../../simulator/settings.ts';
import { embeddedMetrics } from '../../worker/scaler/embedded-metrics.ts';
import { workerKinds as measuredKinds, queuesOf } from '../../worker/scaler/kinds.ts';
import { readAssemblies } from '../check/assembly.ts';
import { backlogMetrics } from '../observability/names.ts';
import { synthesised } from '../requirements/synthesised.ts';
import { programOf, settingsOf } from '../requirements/tasks.ts';
import { queueOf, workerKinds, workerRoles } from '../workers/kinds.ts';
import { railSettingNames } from './settings.ts';

const folder = mkdtempSync(join(tmpdir(), 'settings-'));
const authorities = join(folder, 'rds-ca.pem');
writeFileSync(authorities, '-----BEGIN CERTIFICATE-----\nMA==\n-----END CERTIFICATE-----\n');
afterAll(() => rmSync(folder, { recursive: true }));

/** What an injected secret is here; certificates are left out, because these settings read them whole. */
const secrets: Record<string, string> = { TEMPORAL_API_KEY: 'of-this-test', SIMULATOR_CONTROL_TOKEN: 'of-this-test' };

/** The settings of a task as its program finds them: with hosts where the template has references, and a file of authorities that is here. */
function foundBy(settings: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(settings).flatMap(([name, value]): [string, string][] => {
      if (/^TEMPORAL_TLS_.*_DATA$/.test(name)) return [];
      if (['ARCHIVE_KMS_KEY', 'PAYLOAD_KMS_KEYS'].includes(name))
        return [[name, 'arn:aws:kms:eu-central-1:111111111111:key/1234abcd']];
      const found = secrets[name] ?? value.replaceAll(/\$\{[^}]+\}/g, 'host.example.com');
      return [[name, found.replace('/etc/quittance/rds-ca.pem', authorities)]];
    }),
  );
}

describe.each(readAssemblies().map((assembly) => [assembly.environment.name, synthesised(assembly)] as const))(
  '%s',
  (name, view) => {
    const versions = view.deployment.workerVersions.map(({ build }) => build.replaceAll('.', '-'));
    const workers = versions.flatMap((build) => workerKinds.map((kind) => `${kind}-${build}`));

    test.each(['api', 'migration', 'operator', 'verification', ...workers])('%s can use what it is told', (family) => {
      const env = readEnv(foundBy(settingsOf(view, programOf(view, family))));
      expect(env.database.iamRegion).toBe(view.deployment.region);
      expect(env.mode).toBe('production');
    });

    test('the scaler can use what it is told', () => {
      const { scaler, temporal } = readScalerEnv(foundBy(settingsOf(view, programOf(view, 'scaler'))));
      expect(scaler).toMatchObject({ port: 9466, metricsNamespace: `Quittance/${name}` });
      expect(temporal.address).toMatch(/:7233$/);
    });

    if (view.environment.temporal.mode !== 'cloud')
      test('the codec server can use what it is told', () => {
        const env = readCodecServerEnv(foundBy(settingsOf(view, programOf(view, 'codec-server'))));
        expect(env.codecServer).toMatchObject({ port: 3002, publicUrl: 'http://localhost:3002' });
        expect(env.encryption.kmsKeys).toHaveLength(1);
      });

    if (view.environment.simulator)
      test('the simulator can use what it is told', () => {
        const settings = readSettings(foundBy(settingsOf(view, programOf(view, 'simulator'))));
        expect(settings).toMatchObject({ host: '0.0.0.0', port: 4010, controlToken: 'of-this-test' });
      });

    test('banks are those of the environment', () => {
      const { rails } = readEnv(foundBy(settingsOf(view, programOf(view, `transfers-${versions[0]}`))));
      const { url } = { url: '', ...rails['instant']?.settings };
      expect(url).toMatch(name === 'production' ? /^https:/ : /^http:\/\/banks\./);
    });
  },
);

test('the two kinds of worker together serve every task queue that there is, each by one', () => {
  const every = [
    'groups',
    ...networkNames.map((rail) => `rail:${rail}`),
    'upkeep',
    'delivery',
    'statements',
    'archive',
  ];
  expect(workerKinds.flatMap((kind) => workerRoles[kind]).toSorted()).toEqual(every.toSorted());
});

test('every network of the platform has its settings in the list that the compiler cannot make', () => {
  const declared = networks.flatMap(({ name, settings }) =>
    Object.keys(settings).map((setting) => `RAIL_${name}_${setting.replaceAll(/[A-Z]/g, '_$&')}`.toUpperCase()),
  );
  expect([...railSettingNames].toSorted()).toEqual(declared.toSorted());
});

test('the scaler measures the kinds of worker that there are, under the names that rules and alarms read', () => {
  expect(Object.entries(measuredKinds).map(([kind, roles]) => [kind, [...roles].toSorted()])).toEqual(
    workerKinds.map((kind) => [kind, [...workerRoles[kind]].toSorted()]),
  );
  for (const kind of workerKinds) expect(workerRoles[kind].map(queueOf).toSorted()).toEqual(queuesOf(kind).toSorted());
  const backlog = { count: 7, ageSeconds: 8, addRate: 0, dispatchRate: 0, isRateLimited: false };
  const line = embeddedMetrics('transfers', backlog, { namespace: 'Quittance/staging', at: 0 });
  expect(line).toMatchObject({ service: 'transfers', [backlogMetrics.count]: 7, [backlogMetrics.ageSeconds]: 8 });
  expect(line).toHaveProperty(backlogMetrics.isLimited);
});
