import { z } from 'zod';
import { port, wholeMillis } from './forms.ts';

/** What measures Temporal's task queues to scale workers by (worker/scaler). It needs no database. */
export const scalerVariables = {
  SCALER_PORT: port.default(9466).meta({ description: "The scaler's health and metrics." }),
  SCALER_EVERY_MS: wholeMillis
    .min(1_000, 'must be at least 1000')
    .max(30_000, 'must be at most 30000')
    .default(20_000)
    .meta({ description: 'How often the scaler measures the task queues, in milliseconds.' }),
  SCALER_METRICS_NAMESPACE: z
    .string()
    .regex(/^[A-Za-z0-9._/#-]{1,255}$/, 'must be the name of a namespace of CloudWatch')
    .optional()
    .meta({
      description:
        "The namespace of CloudWatch in which the scaler's figures stand: each is then a log line in CloudWatch's Embedded Metric Format. Absent: no such lines, and the figures stand on its page of metrics alone.",
      examples: ['Quittance/production'],
    }),
};

const schema = z.object(scalerVariables);

/** The settings above, by subject. */
export const groupScaler = (read: z.infer<typeof schema>) => ({
  port: read.SCALER_PORT,
  everyMs: read.SCALER_EVERY_MS,
  /** Null: nothing is published to CloudWatch. */
  metricsNamespace: read.SCALER_METRICS_NAMESPACE ?? null,
});
