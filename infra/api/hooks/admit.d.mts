export declare function problemsOf(asked: {
  digest: string;
  migrated: string;
  signing: readonly { status?: string }[];
}): string[];
