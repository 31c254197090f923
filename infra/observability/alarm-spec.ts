/** A figure of CloudWatch. A statistic as CloudWatch writes it: `Sum`, `Maximum`, `p99`. */
export type Figure = {
  namespace: string;
  name: string;
  dimensions: Readonly<Record<string, string>>;
  statistic: string;
};

/** A figure, or a formula of several by their names, as CloudWatch writes formulas: `100 * errors / requests`. */
export type Measured = { metric: Figure } | { formula: string; of: Readonly<Record<string, Figure>> };

/**
 * One alarm as a row of a table. It is raised when the figure is beyond the threshold in `beyond` of the last `periods` periods (all of
 * them when absent).
 */
export type AlarmSpec = {
  /** Stable: releases are rolled back by these names (names.ts). */
  id: string;
  /** `critical` wakes somebody; `warning` is read by day. */
  severity: 'critical' | 'warning';
  /** What is wrong and where to look: the text of the message. */
  says: string;
  measured: Measured;
  is: '>' | '>=' | '<';
  threshold: number;
  periodSeconds: 60 | 300 | 3_600 | 86_400;
  periods: number;
  beyond?: number;
  /** `alarm`: that there is no figure is what it would find. */
  whenMissing: 'fine' | 'alarm';
  /** Left out where tasks sleep at night: there it would be raised each evening. */
  onlyAwake?: true;
};

/** One figure. */
export const figure = (
  namespace: string,
  name: string,
  dimensions: Readonly<Record<string, string>>,
  statistic: string,
): Measured & { metric: Figure } => ({ metric: { namespace, name, dimensions, statistic } });
