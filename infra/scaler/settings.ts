import { nothing } from '../migration/settings.ts';
import { namespaceOf } from '../observability/names.ts';
import { temporalSettings } from '../service/connections.ts';
import { type ProgramsProps, temporalPlace } from '../service/props.ts';
import type { Settings } from '../service/settings.ts';

/** Its health, for the container's own question. */
export const scalerPort = 9466;
export const scalerStopSeconds = 30;

/** What the scaler is told: where Temporal is, and in which namespace of CloudWatch its figures stand. */
export const scalerSettings = ({ environment, temporal }: ProgramsProps): Settings => ({
  ...nothing,
  ...temporalSettings(temporalPlace(temporal)),
  NODE_ENV: 'production',
  API_HOST: '127.0.0.1',
  SCALER_PORT: String(scalerPort),
  SCALER_METRICS_NAMESPACE: namespaceOf(environment.name),
});
