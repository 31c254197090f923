/** A step of a drill, how long it took, and what came of it. */
export type Step = { name: string; seconds: number; what: string };

/** Times the steps of a drill, in their order. */
export type Steps = {
  time<T>(name: string, work: () => Promise<T>, describe?: (result: T) => string): Promise<T>;
  note(name: string, milliseconds: number, what: string): void;
  list(): readonly Step[];
};

/** `print` gets each step when it is done. */
export function createSteps(print: (step: Step) => void): Steps {
  const steps: Step[] = [];
  const add = (step: Step) => {
    steps.push(step);
    print(step);
  };
  return {
    time: async (name, work, describe = () => '') => {
      const began = performance.now();
      const result = await work();
      add({ name, seconds: (performance.now() - began) / 1_000, what: describe(result) });
      return result;
    },
    note: (name, milliseconds, what) => add({ name, seconds: milliseconds / 1_000, what }),
    list: () => steps,
  };
}
