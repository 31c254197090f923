import { Counter, type Registry } from 'prom-client';
import type { Ledger } from '../ledger/index.ts';

/** The same ledger, whose conclusions are counted: what rails answered to sends, and what came of inquiries. */
export function countConclusions(ledger: Ledger, registry: Registry): Ledger {
  const registers = [registry];
  const sends = new Counter({
    name: 'quittance_sends_total',
    help: 'Sends by their outcome.',
    labelNames: ['outcome'],
    registers,
  });
  const inquiries = new Counter({
    name: 'quittance_inquiries_total',
    help: 'Inquiries by their outcome; not_asked: there was no place to ask.',
    labelNames: ['outcome'],
    registers,
  });
  return {
    ...ledger,
    conclude: async (report) => {
      const conclusion = await ledger.conclude(report);
      const { source, outcome } = report;
      if (source === 'reply' || outcome === 'not_sent') sends.inc({ outcome });
      if (source === 'inquiry' || outcome === 'not_asked') inquiries.inc({ outcome });
      return conclusion;
    },
  };
}
