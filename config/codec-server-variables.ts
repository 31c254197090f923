import { z } from 'zod';
import { port, urlOf } from './forms.ts';
import { urlOn } from './url-on.ts';

/** What decodes payloads for Temporal's UI (codec-server). It has the keys of payloads, and no login to the database. */
export const codecServerVariables = {
  CODEC_SERVER_HOST: z
    .string()
    .min(1)
    .default('127.0.0.1')
    .meta({ description: 'The address on which the codec server listens, and serves its metrics.' }),
  CODEC_SERVER_PORT: port
    .default(3002)
    .meta({ description: "The port on which the codec server listens for Temporal's UI and its own page." }),
  CODEC_SERVER_METRICS_PORT: port.default(9467).meta({ description: "The codec server's metrics." }),
  CODEC_SERVER_PUBLIC_URL: urlOf(/^https?$/)
    .refine((text) => new URL(text).origin === text, 'must be an origin such as http://127.0.0.1:3002, without a path')
    .optional()
    .meta({
      description:
        'The address at which browsers reach the codec server. Its host is that of TEMPORAL_UI_URL, whatever the port: otherwise no browser sends it the cookie of a sign-in. Absent: that of CODEC_SERVER_HOST and CODEC_SERVER_PORT.',
      examples: ['http://127.0.0.1:3002'],
    }),
  CODEC_SERVER_API_URL: urlOf(/^https?$/)
    .refine((text) => !text.endsWith('/'), 'must be without a slash at its end')
    .optional()
    .meta({
      description:
        'Where the codec server asks the API whether a key is valid. Absent: at API_HOST and API_PORT, by http, as on one machine.',
      examples: ['http://127.0.0.1:3001'],
    }),
};

const schema = z.object({ ...codecServerVariables, API_HOST: z.string(), API_PORT: z.number() });

/** The settings above, by subject. */
export const groupCodecServer = (read: z.infer<typeof schema>) => ({
  host: read.CODEC_SERVER_HOST,
  port: read.CODEC_SERVER_PORT,
  metricsPort: read.CODEC_SERVER_METRICS_PORT,
  publicUrl: read.CODEC_SERVER_PUBLIC_URL ?? urlOn(read.CODEC_SERVER_HOST, read.CODEC_SERVER_PORT),
  apiUrl: read.CODEC_SERVER_API_URL ?? urlOn(read.API_HOST, read.API_PORT),
});
