import { apiNameOf } from '../edge/names.ts';
import { migrationSettings, migrationUser } from '../migration/settings.ts';
import { databaseSettings, payloadSettings, storageSettings, temporalSettings } from '../service/connections.ts';
import { type ProgramsProps, temporalPlace } from '../service/props.ts';
import type { Settings } from '../service/settings.ts';

/** The owner of the tables: commands make tenants and keys, pause rails and move whole months, which its functions let nobody else do. */
export const operatorUser = migrationUser;

/** Who verifies only reads. */
export const verifierUser = 'quittance_reader';

/** What an operator's command is told: the ledger as its owner, Temporal, and where objects are. */
export const operatorSettings = (props: ProgramsProps): Settings => ({
  ...shared(props, operatorUser),
  ...temporalSettings(temporalPlace(props.temporal)),
  ...payloadSettings(props.security.keys.payloads.keyArn),
});

/** What who verifies is told: the ledger as a reader, where objects are, and the key that signs the archive, to show its public half. */
export const verificationSettings = (props: ProgramsProps): Settings => ({
  ...shared(props, verifierUser),
  ARCHIVE_KMS_KEY: props.security.signing.attrArn,
  ARCHIVE_ORIGIN: `${apiNameOf(props.deployment.domain)}/archive`,
});

const shared = ({ environment, deployment, data }: ProgramsProps, user: string): Settings => ({
  ...migrationSettings(data.database, deployment.region),
  ...databaseSettings(data.database, { region: deployment.region, user, pool: null }),
  ...storageSettings(environment, deployment),
  API_PUBLIC_URL: `https://${apiNameOf(deployment.domain)}`,
});
