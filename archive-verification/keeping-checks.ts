import type { Finding } from '../ledger/verify/run.ts';
import type { Retention } from '../storage/port.ts';
import type { Keeping } from './source.ts';
import { type Step, segmentName } from './steps.ts';
import { createTally } from './tally.ts';

/** Later reads of a date may have lost its milliseconds. */
const roundedMs = 1_000;
const strength = { governance: 1, compliance: 2 };

/** Whether a store keeps what is in it: each object in one version that nobody can delete before its date. */
export function createKeepingChecks(keeping: Keeping): { see(step: Step): void; findings(): Finding[] } {
  const versions = createTally('versions', 'No object of a segment has a second version, and nobody deleted one.');
  const kept = createTally('kept', 'Each object is locked for as many years from its segment on as the settings say.');
  return {
    see: (step) => {
      const named = (fault: string | null) => fault && `${segmentName(step)}: ${fault}`;
      for (const fault of step.faults.length > 0 ? step.faults : [null]) versions.add(named(fault));
      const { manifest } = step;
      if (manifest === null) return;
      const until = new Date(manifest.begun_at);
      until.setUTCFullYear(until.getUTCFullYear() + keeping.years);
      for (const [kind, { retention }] of Object.entries(step.objects)) {
        const fault = faultOf(retention, { mode: keeping.mode, until });
        kept.add(named(fault && `its ${kind} ${fault}`));
      }
    },
    findings: () => [versions, kept].map((tally) => tally.finding()),
  };
}

function faultOf(retention: Retention | null, least: Retention): string | null {
  if (retention === null) return 'can be deleted';
  if (strength[retention.mode] < strength[least.mode]) return `is locked in ${retention.mode} mode only`;
  return retention.until.getTime() < least.until.getTime() - roundedMs
    ? `is locked until ${retention.until.toISOString()}, and not ${least.until.toISOString()}`
    : null;
}
