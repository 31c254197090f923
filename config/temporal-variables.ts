import { z } from 'zod';
import { certificate, onOff, pemFile, privateKey, urlOf } from './forms.ts';
import { secret } from './secret.ts';

/** How Temporal is reached. The names are those of Temporal's own tools and of @temporalio/envconfig (docs/adr/0031). */
export const temporalVariables = {
  TEMPORAL_ADDRESS: z
    .string()
    .regex(/^[^\s/]+:[0-9]{1,5}$/, 'must be host:port')
    .default('127.0.0.1:7233')
    .meta({ description: "Host and port of Temporal's gRPC front end." }),
  TEMPORAL_NAMESPACE: z
    .string()
    .min(1)
    .default('default')
    .meta({ description: 'The Temporal namespace of this platform.' }),
  TEMPORAL_UI_URL: urlOf(/^https?$/)
    .default('http://127.0.0.1:8233')
    .meta({ description: "The base of links to a transfer's timeline." }),
  TEMPORAL_API_KEY: z
    .string()
    .regex(/^[\x21-\x7e]+$/, 'must be printable ASCII without spaces')
    .transform(secret)
    .optional()
    .meta({
      description: 'The key that Temporal asks for, as Temporal Cloud does. It turns TLS on.',
      examples: ['a-key-of-temporal'],
    }),
  TEMPORAL_TLS: onOff.optional().meta({
    description:
      'Whether to connect to Temporal by TLS. Absent: when any of the settings below, or a key, is given. Names are always verified.',
    examples: ['true'],
  }),
  TEMPORAL_TLS_SERVER_CA_CERT_PATH: pemFile
    .pipe(certificate)
    .optional()
    .meta({
      description:
        "The file with the certificates of the authority that signed Temporal's. Absent: those that the system trusts.",
      examples: ['/etc/quittance/temporal-ca.pem'],
    }),
  TEMPORAL_TLS_SERVER_CA_CERT_DATA: certificate.optional().meta({
    description: 'The same as text in PEM form, instead of the path.',
    examples: ['-----BEGIN CERTIFICATE-----…'],
  }),
  TEMPORAL_TLS_SERVER_NAME: z
    .string()
    .min(1)
    .optional()
    .meta({
      description: "The name in Temporal's certificate, where it is not the host of TEMPORAL_ADDRESS.",
      examples: ['temporal.example.com'],
    }),
  TEMPORAL_TLS_CLIENT_CERT_PATH: pemFile
    .pipe(certificate)
    .optional()
    .meta({
      description: 'The file with our own certificate, where Temporal asks for one (mTLS).',
      examples: ['/etc/quittance/temporal-client.pem'],
    }),
  TEMPORAL_TLS_CLIENT_CERT_DATA: certificate.optional().meta({
    description: 'The same as text in PEM form, instead of the path.',
    examples: ['-----BEGIN CERTIFICATE-----…'],
  }),
  TEMPORAL_TLS_CLIENT_KEY_PATH: pemFile
    .pipe(privateKey)
    .transform(secret)
    .optional()
    .meta({
      description: 'The file with the private key of that certificate.',
      examples: ['/etc/quittance/temporal-client.key'],
    }),
  TEMPORAL_TLS_CLIENT_KEY_DATA: privateKey
    .transform(secret)
    .optional()
    .meta({
      description: 'The same as text in PEM form, instead of the path.',
      examples: ['-----BEGIN PRIVATE KEY-----…'],
    }),
};

const schema = z.object(temporalVariables);

/** How Temporal is reached. `tls` is null for plain text, and empty for TLS with the authorities that the system trusts. */
export type TemporalSettings = ReturnType<typeof groupTemporal>;

/** The settings above, by subject. */
export function groupTemporal(read: z.infer<typeof schema>) {
  const ca = read.TEMPORAL_TLS_SERVER_CA_CERT_PATH ?? read.TEMPORAL_TLS_SERVER_CA_CERT_DATA;
  const cert = read.TEMPORAL_TLS_CLIENT_CERT_PATH ?? read.TEMPORAL_TLS_CLIENT_CERT_DATA;
  const key = read.TEMPORAL_TLS_CLIENT_KEY_PATH ?? read.TEMPORAL_TLS_CLIENT_KEY_DATA;
  const serverName = read.TEMPORAL_TLS_SERVER_NAME;
  const apiKey = read.TEMPORAL_API_KEY ?? null;
  const isOn = read.TEMPORAL_TLS ?? [ca, cert, key, serverName, read.TEMPORAL_API_KEY].some(isPresent);
  return {
    address: read.TEMPORAL_ADDRESS,
    namespace: read.TEMPORAL_NAMESPACE,
    uiUrl: read.TEMPORAL_UI_URL,
    apiKey,
    tls: isOn ? { ca: ca ?? null, serverName: serverName ?? null, client: cert && key ? { cert, key } : null } : null,
  };
}

/** What contradicts itself among them, as the setting and the sentence about it. */
export function temporalContradictions(read: Partial<z.infer<typeof schema>>): [name: string, problem: string][] {
  const problems: [string, string][] = [];
  for (const name of ['SERVER_CA_CERT', 'CLIENT_CERT', 'CLIENT_KEY'] as const) {
    if (read[`TEMPORAL_TLS_${name}_PATH`] !== undefined && read[`TEMPORAL_TLS_${name}_DATA`] !== undefined)
      problems.push([`TEMPORAL_TLS_${name}_DATA`, `stands beside TEMPORAL_TLS_${name}_PATH: give one of the two`]);
  }
  const hasCert = [read.TEMPORAL_TLS_CLIENT_CERT_PATH, read.TEMPORAL_TLS_CLIENT_CERT_DATA].some(isPresent);
  const hasKey = [read.TEMPORAL_TLS_CLIENT_KEY_PATH, read.TEMPORAL_TLS_CLIENT_KEY_DATA].some(isPresent);
  if (hasCert && !hasKey) problems.push(['TEMPORAL_TLS_CLIENT_KEY_PATH', 'is needed with a certificate of our own']);
  if (hasKey && !hasCert) problems.push(['TEMPORAL_TLS_CLIENT_CERT_PATH', 'is needed with a private key']);
  if (read.TEMPORAL_TLS === false && isPresent(read.TEMPORAL_API_KEY))
    problems.push(['TEMPORAL_TLS', 'must not be false with TEMPORAL_API_KEY, which everybody on the way could read']);
  return problems;
}

const isPresent = (value: unknown): boolean => value !== undefined;
