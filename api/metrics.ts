import { Counter, Gauge, Histogram, type Registry } from 'prom-client';
import { createRegistry } from '../telemetry/metrics.ts';

/** What the API measures; `registry` renders it for Prometheus. One per process, made in `main.ts`. */
export type Metrics = ReturnType<typeof createMetrics>;

export function createMetrics() {
  const registry = createRegistry({ prefix: 'quittance_api_' });
  const registers = [registry];
  return {
    registry,
    requests: new Histogram({
      name: 'quittance_http_request_seconds',
      help: 'Duration of answers, by route and status.',
      labelNames: ['method', 'route', 'status'],
      buckets: [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
      registers,
    }),
    inFlight: new Gauge({ name: 'quittance_http_in_flight', help: 'Requests that have no answer yet.', registers }),
    connectionsRefused: new Counter({
      name: 'quittance_http_connections_refused_total',
      help: 'Connections that were closed at once, because there or from that address are too many.',
      registers,
    }),
    reads: new Counter({
      name: 'quittance_reads_total',
      help: 'Reads that may lag, by the place that answered and why it was asked. None without DATABASE_READER_URL.',
      labelNames: ['place', 'reason'],
      registers,
    }),
    standbyUsable: new Gauge({
      name: 'quittance_standby_usable',
      help: '1 while the standby of DATABASE_READER_URL answers and is recent enough. Without one it stays 0.',
      registers,
    }),
    ...intakeMetrics(registers),
    ...accessLogMetrics(registers),
  };
}

const intakeMetrics = (registers: Registry[]) => ({
  groupSize: new Histogram({
    name: 'quittance_intake_group_members',
    help: 'Members of a group when it left: 1 when it is quiet, growing under load.',
    labelNames: ['rail'],
    buckets: [1, 2, 5, 10, 20, 50, 100, 200, 350, 500],
    registers,
  }),
  groupSeconds: new Histogram({
    name: 'quittance_intake_group_seconds',
    help: 'From sending a group to its answer.',
    labelNames: ['rail'],
    buckets: [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5],
    registers,
  }),
  waiting: new Gauge({
    name: 'quittance_intake_waiting',
    help: 'Transfers that wait for a lane.',
    labelNames: ['rail'],
    registers,
  }),
  outcomes: new Counter({
    name: 'quittance_intake_outcomes_total',
    help: 'Submitted transfers by their answer.',
    labelNames: ['rail', 'outcome'],
    registers,
  }),
});

const accessLogMetrics = (registers: Registry[]) => ({
  accessLogCrowded: new Counter({
    name: 'quittance_access_log_crowded_total',
    help: 'Accesses and refused sign-ins that are counted in a row for the rest, because there are too many different ones.',
    labelNames: ['what'],
    registers,
  }),
  accessLogLost: new Counter({
    name: 'quittance_access_log_lost_total',
    help: 'Accesses that no row counts, because there are too many callers.',
    labelNames: ['what'],
    registers,
  }),
  accessLogLate: new Gauge({
    name: 'quittance_access_log_late_seconds',
    help: 'For how long accesses or refused sign-ins could not be written. 0 while they are.',
    labelNames: ['what'],
    registers,
  }),
});
