import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from '@jest/globals';
import { readEnv } from '../../config/env.ts';
import { networkNames, networks } from '../../rails/index.ts';
import { readSettings } from '../../simulator/settings.ts';
import { readAssemblies } from '../check/assembly.ts';
import { synthesised } from '../requirements/synthesised.ts';
import { programOf, settingsOf } from '../requirements/tasks.ts';
import { workerKinds, workerRoles } from '../workers/kinds.ts';
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
