/** What a step of the check says: null when it holds, what is wrong, or why it could not run. */
export type StepResult = { wrong: string } | { notRun: string } | null;
