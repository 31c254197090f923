import { z } from 'zod';

const schema = z.object({
  SIMULATOR_HOST: z.string().min(1).max(253).default('127.0.0.1'),
  /** 0 is any free port; the first line of the log says which. */
  SIMULATOR_PORT: z
    .string()
    .regex(/^[0-9]{1,5}$/)
    .default('4010')
    .transform(Number)
    .refine((port) => port <= 65_535),
  /** The file with everything the bank believes. One process per file. */
  SIMULATOR_JOURNAL: z.string().min(1).max(4096).default('.local/simulator.jsonl'),
  /** What `POST /control/…` asks for. Absent: nothing. */
  SIMULATOR_CONTROL_TOKEN: z
    .string()
    .regex(/^[\x21-\x7e]{1,255}$/)
    .optional(),
  LOG_LEVEL: z.enum(['debug', 'info', 'warn', 'error', 'silent']).default('info'),
});

/** What can be set, by the names above. */
export type Settings = { host: string; port: number; journal: string; logLevel: string; controlToken: string | null };

/** Reads the environment once. Throws one sentence that names every bad setting. */
export function readSettings(environment: Record<string, string | undefined>): Settings {
  const parsed = schema.safeParse(environment);
  if (!parsed.success) {
    const names = parsed.error.issues.map((issue) => issue.path.join('.')).join(', ');
    throw new Error(`The simulator cannot start: these settings have values that it cannot use: ${names}.`);
  }
  const { SIMULATOR_HOST: host, SIMULATOR_PORT: port, SIMULATOR_JOURNAL: journal, LOG_LEVEL: logLevel } = parsed.data;
  return { host, port, journal, logLevel, controlToken: parsed.data.SIMULATOR_CONTROL_TOKEN ?? null };
}
