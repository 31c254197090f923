export type Question = { path: string; withKey: boolean; isRight: (answer: Answer) => boolean };
export type Answer = { status: number; body: string };
export declare const questions: readonly Question[];
export declare function firstWrong(
  ask: (question: Question) => Promise<Answer>,
): Promise<{ path: string; status: number } | null>;
