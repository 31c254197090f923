import { apiNameOf } from '../edge/names.ts';
import { nothing } from '../migration/settings.ts';
import { payloadSettings, temporalSettings } from '../service/connections.ts';
import { type ProgramsProps, temporalPlace } from '../service/props.ts';
import type { Settings } from '../service/settings.ts';
import { codecServerPort } from './port.ts';

export const codecServerMetricsPort = 9467;
const graceMs = 10_000;
export const codecServerStopSeconds = graceMs / 1_000 + 15;

/** What the codec server is told: the key of payloads, which namespace it is for, and the API, which judges keys of those who look. */
export const codecServerSettings = ({ deployment, security, temporal }: ProgramsProps): Settings => ({
  ...nothing,
  ...temporalSettings(temporalPlace(temporal)),
  // It reads the namespace and the address of the page, and never asks Temporal.
  TEMPORAL_API_KEY: null,
  TEMPORAL_TLS_SERVER_CA_CERT_DATA: null,
  TEMPORAL_TLS_CLIENT_CERT_DATA: null,
  TEMPORAL_TLS_CLIENT_KEY_DATA: null,
  TEMPORAL_TLS: null,
  TEMPORAL_TLS_SERVER_NAME: null,
  ...payloadSettings(security.keys.payloads.keyArn),
  // It opens data keys and makes none.
  PAYLOAD_ENCRYPT_WITH: 'nothing',
  NODE_ENV: 'production',
  // In a task of its own; its group lets nobody in, and a session reaches it from within.
  CODEC_SERVER_HOST: '127.0.0.1',
  CODEC_SERVER_PORT: String(codecServerPort),
  CODEC_SERVER_METRICS_PORT: String(codecServerMetricsPort),
  CODEC_SERVER_PUBLIC_URL: `http://localhost:${codecServerPort}`,
  CODEC_SERVER_API_URL: `https://${apiNameOf(deployment.domain)}`,
  SHUTDOWN_GRACE_MS: String(graceMs),
});
