import { Counter, Gauge, type Registry } from 'prom-client';

/** What the codec server measures. */
export function createMetrics(registry: Registry, sessions: () => number) {
  const registers = [registry];
  const counter = (name: string, help: string, ...labelNames: string[]) =>
    new Counter({ name, help, labelNames, registers });
  const requests = counter('quittance_codec_requests_total', 'Requests by route and status.', 'route', 'status');
  const signIns = counter('quittance_codec_sign_ins_total', 'Sign-ins by outcome.', 'outcome');
  const payloads = counter('quittance_codec_payloads_total', 'Payloads that were asked for, by outcome.', 'outcome');
  const gauge: Gauge = new Gauge({
    ...{ name: 'quittance_codec_sessions', help: 'Sessions that are kept.', registers },
    collect: () => gauge.set(sessions()),
  });
  for (const outcome of ['decoded', 'unreadable']) payloads.inc({ outcome }, 0);
  return {
    countRequest: (route: string, status: number) => requests.inc({ route, status: String(status) }),
    countSignIn: (outcome: string) => signIns.inc({ outcome }),
    countPayloads: ({ payloads: all, unreadable }: { payloads: number; unreadable: number }) => {
      payloads.inc({ outcome: 'decoded' }, all - unreadable);
      payloads.inc({ outcome: 'unreadable' }, unreadable);
    },
  };
}
