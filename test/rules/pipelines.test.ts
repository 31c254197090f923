import { describe, expect, test } from '@jest/globals';
import { files, read } from '../support/tree.ts';
import { workflowRules } from '../support/workflow-rules.ts';
import { workflows } from '../support/workflows.ts';

const rules = Object.entries(workflowRules);

test.each(rules)('%s', (_rule, problemsOf) => {
  expect(problemsOf(workflows())).toEqual([]);
});

/** A bad change of a workflow, and the one rule that must see it. */
type Planted = { file: string; from: string | RegExp; to: string; red: string };
const checkout = /(uses: actions\/checkout@)[0-9a-f]{40} # v\d+\.\d+\.\d+/;
const migrate = / {6}- name: Run the migrations\n(?: {8}.*\n)+/;
const api = / {6}- name: The API\n(?: {8}.*\n)+/;

const planted: Readonly<Record<string, Planted>> = {
  'an action by its tag': { file: 'checks', from: checkout, to: '$1v7', red: 'actions are pinned' },
  'an action without its version beside it': {
    file: 'checks',
    from: checkout,
    to: '$13d3c42e5aac5ba805825da76410c181273ba90b1',
    red: 'actions are pinned',
  },
  'one action in two versions': {
    file: 'checks',
    from: checkout,
    to: `$1${'0'.repeat(40)} # v7.0.1`,
    red: 'actions are pinned',
  },
  'a token that may do everything': {
    file: 'checks',
    from: '    permissions:\n      contents: read',
    to: '    permissions: write-all',
    red: 'a token may do',
  },
  'rights for all jobs': {
    file: 'deploy',
    from: 'permissions: {}',
    to: 'permissions:\n  id-token: write',
    red: 'a token may do',
  },
  'a job that does not name its rights': {
    file: 'checks',
    from: '    permissions:\n      contents: read\n',
    to: '',
    red: 'a token may do',
  },
  'a token in the folder': {
    file: 'deploy',
    from: '          persist-credentials: false\n',
    to: '',
    red: 'a checkout leaves',
  },
  'the code of a stranger': {
    file: 'diff',
    from: 'on:\n',
    to: 'on:\n  pull_request_target:\n',
    red: 'no workflow runs',
  },
  'a text from outside in a command': {
    file: 'deploy',
    from: '--release "$RELEASE"',
    to: '--release "${{ inputs.release }}"',
    red: 'no text from outside',
  },
  'a job without an end': { file: 'checks', from: '    timeout-minutes: 60\n', to: '', red: 'every job has an end' },
  'staging by every branch': {
    file: 'staging',
    from: 'branches: [main]',
    to: "branches: ['**']",
    red: 'each environment has the trigger',
  },
  'a release without an environment': {
    file: 'deploy',
    from: '    environment: ${{ inputs.environment }}\n',
    to: '',
    red: 'who changes an environment',
  },
  'two releases at once': {
    file: 'deploy',
    from: 'cancel-in-progress: false',
    to: 'cancel-in-progress: true',
    red: 'who changes an environment',
  },
  'a plan that waits for an approval': {
    file: 'deploy',
    from: '  plan:\n',
    to: '  plan:\n    environment: production\n',
    red: 'who changes an environment',
  },
  'production from development': {
    file: 'production',
    from: 'from: staging',
    to: 'from: development',
    red: 'one workflow is called',
  },
  'a release that does not wait for the plan': {
    file: 'deploy',
    from: '    needs: plan\n',
    to: '',
    red: 'one workflow is called',
  },
  'an image that is built again': {
    file: 'deploy',
    from: 'run: node infra/pipeline/promote.ts',
    to: 'run: docker build --tag again . && node infra/pipeline/promote.ts',
    red: 'an image is built',
  },
  'another digest for staging': {
    file: 'staging',
    from: '${{ needs.image.outputs.digest }}',
    to: '${{ vars.DIGEST }}',
    red: 'an image is built',
  },
  'the API before its migrations': { file: 'deploy', from: migrate, to: '', red: 'the steps of a release' },
  'no snapshot': {
    file: 'deploy',
    from: / {6}- name: A snapshot of the ledger\n(?: {8}.*\n)+/,
    to: '',
    red: 'the steps of a release',
  },
  'a smoke test that may fail': {
    file: 'deploy',
    from: '        id: smoke\n',
    to: '        id: smoke\n        continue-on-error: true\n',
    red: 'nothing of the release goes on',
  },
  'a ramp although something failed': {
    file: 'deploy',
    from: "if: steps.join.outputs.alone == 'false'",
    to: "if: always() && steps.join.outputs.alone == 'false'",
    red: 'nothing of the release goes on',
  },
  'a program that is not there': {
    file: 'deploy',
    from: 'infra/pipeline/smoke.ts',
    to: 'infra/pipeline/smok.ts',
    red: 'each command is there',
  },
  'an option that is not there': {
    file: 'deploy',
    from: '--name migration',
    to: '--family migration',
    red: 'each command is there',
  },
  'a stack that is not there': {
    file: 'deploy',
    from: '"$ENVIRONMENT/Temporal"',
    to: '"$ENVIRONMENT/Temporall"',
    red: 'each command is there',
  },
  'a script that is not there': {
    file: 'checks',
    from: 'npm run infra:check',
    to: 'npm run infra:cheque',
    red: 'each command is there',
  },
  'migrations as who copies images': {
    file: 'deploy',
    from: /(quittance-\$\{\{ inputs\.environment \}\}-)release/,
    to: '$1publish',
    red: 'each command is there',
  },
};
describe.each(Object.entries(planted))('%s', (_what, { file, from, to, red }) => {
  test('is seen by the rule that is for it, and by no other', () => {
    const path = `.github/workflows/${file}.yml`;
    const text = read(path).replace(from, to);
    expect(text).not.toBe(read(path));
    const seen = rules
      .filter(([, problemsOf]) => problemsOf(workflows({ [file]: text })).length > 0)
      .map(([rule]) => rule);
    expect(seen).toEqual([expect.stringContaining(red)]);
  });
});

test('the API after its migrations moved behind it is seen too', () => {
  const text = read('.github/workflows/deploy.yml');
  const [moved = ''] = migrate.exec(text) ?? [];
  const changed = text.replace(moved, '').replace(api, (step) => `${step}${moved}`);
  expect(workflowRules['the steps of a release come in their order']?.(workflows({ deploy: changed }))).not.toEqual([]);
});

test('every workflow is one of ours, and each program of the pipeline is used by one', () => {
  const text = Object.values(workflows())
    .map((one) => one.text)
    .join('\n');
  const programs = files(/^infra\/pipeline\/[a-z-]+\.ts$/).filter((file) => read(file).includes('await runStep('));
  expect(programs.filter((file) => !text.includes(`node ${file}`))).toEqual([]);
});
