import type * as ecs from 'aws-cdk-lib/aws-ecs';
import type { EnvironmentName } from '../environment/schema.ts';
import { collected } from '../observability/collected.ts';
import { namespaceOf } from '../observability/names.ts';

/** What the collector beside a program is told. `metricsPort` is the program's own; the two share one network interface. */
export type Collecting = {
  environment: EnvironmentName;
  region: string;
  program: string;
  metricsPort: number;
  /** Where it writes metrics, in the form of lines that CloudWatch makes metrics of. */
  logGroupName: string;
  /** Of Temporal's servers all is kept as lines, and nothing becomes a metric of its own but what is named here. */
  metrics?: readonly { metric: string; labels: readonly string[] }[];
};

/**
 * The settings of the collector: the program's metrics, twice a minute, as metrics of CloudWatch; and traces in the open protocol, for
 * X-Ray. The X-Ray daemon and its libraries are no longer developed, so nothing here needs them.
 */
export function collectorSettings({
  environment,
  region,
  program,
  metricsPort,
  logGroupName,
  metrics = collected,
}: Collecting): string {
  return JSON.stringify({
    extensions: { health_check: { endpoint: '127.0.0.1:13133' } },
    receivers: {
      otlp: { protocols: { grpc: { endpoint: '127.0.0.1:4317' } } },
      prometheus: {
        config: {
          global: { scrape_interval: '30s', scrape_timeout: '5s' },
          scrape_configs: [
            {
              job_name: program,
              static_configs: [{ targets: [`127.0.0.1:${metricsPort}`] }],
            },
          ],
        },
      },
    },
    processors: { batch: { timeout: '10s' } },
    exporters: {
      awsxray: { region },
      awsemf: {
        region,
        namespace: namespaceOf(environment),
        log_group_name: logGroupName,
        log_stream_name: '{TaskId}',
        dimension_rollup_option: 'NoDimensionRollup',
        metric_declarations: declarations(metrics),
      },
    },
    service: {
      extensions: ['health_check'],
      pipelines: {
        metrics: { receivers: ['prometheus'], processors: ['batch'], exporters: ['awsemf'] },
        traces: { receivers: ['otlp'], processors: ['batch'], exporters: ['awsxray'] },
      },
    },
  });
}

/** One declaration for each set of labels: the parameter that holds the settings has a size. */
function declarations(metrics: readonly { metric: string; labels: readonly string[] }[]) {
  const byLabels = Map.groupBy(metrics, ({ labels }) => labels.join(','));
  return [...byLabels.values()].map((same) => ({
    dimensions: [same[0]?.labels ?? []],
    metric_name_selectors: same.map(({ metric }) => `^${metric}$`),
  }));
}

/** What the collector needs beside the program. It never takes the program down with it. */
export const collectorSize = { cpu: 32, memoryMiB: 128 } as const;

/** Its own way to say that it works: its image has no shell and no other program. */
export const collectorHealth: ecs.HealthCheck = { command: ['CMD', '/healthcheck'] };
