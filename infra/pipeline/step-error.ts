/** A step of the pipeline ends here. The sentence is for who reads its log: what happened, and what to do. */
export class StepError extends Error {
  override readonly name: string = 'StepError';
}
