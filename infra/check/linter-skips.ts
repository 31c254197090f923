/** Checks of cfn-lint that are left out, each with its reason. */
export const cfnLintSkips: Readonly<Record<string, string>> = {};

/** Checks of checkov that are left out, each with its reason. */
export const checkovSkips: Readonly<Record<string, string>> = {};
