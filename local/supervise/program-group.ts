import { type Print, StartFault } from '../start-fault.ts';
import { type Program, type ProgramPlan, type Surroundings, startProgram } from './program.ts';

/** The programs of one command, in the order of starting. */
export type ProgramGroup = { start: (plan: ProgramPlan) => Promise<Program>; stopAll: () => Promise<void> };

/** Starts programs and stops them in the reverse order. Each plan has its own bound, so stopping has one. */
export function createProgramGroup(
  options: Pick<Surroundings, 'logFolder' | 'restartAfterMs'> & { printAs: (name: string) => Print },
): ProgramGroup {
  const { printAs, ...surroundings } = options;
  const programs: Program[] = [];
  let stopping: Promise<void> | undefined;
  return {
    start: async (plan) => {
      if (stopping) throw new StartFault('Stopped while starting.');
      const program = startProgram(plan, { ...surroundings, print: printAs(plan.name) });
      programs.push(program);
      await program.whenReady();
      return program;
    },
    stopAll: () => {
      stopping ??= stopInReverse(programs);
      return stopping;
    },
  };
}

async function stopInReverse(programs: readonly Program[]): Promise<void> {
  for (const program of programs.toReversed()) await program.stop();
}
