import configuration, { rules } from '../../.dependency-cruiser.ts';

/**
 * The rules of the root for this folder alone. `no-dead-file` needs the whole tree; tests use the jest of the root; what the hooks of a release
 * import (`*.mjs`) is in Lambda and in no package here.
 */
export default {
  ...configuration,
  forbidden: rules
    .filter(({ name }) => name !== 'no-dead-file')
    .map((rule) => {
      if (rule.name === 'no-unresolved') return { ...rule, from: { pathNot: '\\.mjs$' } };
      if (rule.name === 'no-undeclared-package')
        return { ...rule, from: { path: '^infra/', pathNot: '\\.test\\.ts$|^infra/check/' } };
      return rule;
    }),
};
