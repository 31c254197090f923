import { environmentNames } from '../../infra/environment/schema.ts';
import { exists, read } from './tree.ts';
import { jobsOf, type PlacedJob, stepsOf, type Workflow } from './workflows.ts';

type Workflows = Readonly<Record<string, Workflow>>;
/** What a workflow must keep: each gives what is wrong, and nothing when all is well. */
export const workflowRules: Readonly<Record<string, (all: Workflows) => string[]>> = {
  'actions are pinned to commits, with the version beside': (all) => [
    ...Object.values(all).flatMap(({ name, text }) =>
      [...text.matchAll(/uses: (?!\.\/)(.*)$/gm)]
        .map(([, uses = '']) => uses)
        .filter((uses) => !/^[\w-]+\/[\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/.test(uses))
        .map((uses) => `${name}: ${uses}`),
    ),
    ...severalVersions(all),
  ],
  'a token may do nothing that its job does not name, and few jobs may write': (all) => [
    ...Object.values(all)
      .filter(({ permissions }) => JSON.stringify(permissions) !== '{}')
      .map(({ name }) => `${name} has rights at its top`),
    ...jobsOf(all).flatMap(({ workflow, id, permissions }) =>
      rightsOf(permissions).map((right) => `${workflow} ${id}: ${right}`),
    ),
  ],
  'a checkout leaves no token behind': (all) =>
    stepsOf(all)
      .filter(
        ({ uses, with: options }) =>
          uses?.startsWith('actions/checkout@') && options?.['persist-credentials'] !== false,
      )
      .map(({ job }) => placeOf(job)),
  'no workflow runs the code of a stranger with rights of ours': (all) =>
    Object.values(all)
      .filter(({ on }) => /pull_request_target|workflow_run|issue_comment/.test(JSON.stringify(on)))
      .map(({ name }) => name),
  'no text from outside is put into a command': (all) =>
    stepsOf(all)
      .filter(({ run }) => run?.includes('${{'))
      .map(({ job, run }) => `${placeOf(job)}: ${run}`),
  'every job has an end': (all) =>
    jobsOf(all)
      .filter(
        ({ uses, 'timeout-minutes': minutes }) => uses === undefined && !(minutes !== undefined && minutes <= 300),
      )
      .map(placeOf),
  'each environment has the trigger of its branch': (all) =>
    Object.entries(triggers)
      .filter(([name, on]) => JSON.stringify(all[name]?.on) !== JSON.stringify(on))
      .map(([name]) => `${name}: ${JSON.stringify(all[name]?.on)}`),
  'who changes an environment runs in it, one at a time, and who only reads needs no approval': (all) =>
    jobsOf(all).flatMap((job) => environmentProblems(job)),
  'one workflow is called by three, from environment to environment': (all) =>
    environmentNames.flatMap((environment) => callerProblems(all, environment)),
  'an image is built in one place, and each environment gets that digest': (all) => [
    ...stepsOf(all)
      .filter(
        ({ run, job }) =>
          /docker (buildx )?build |docker build/.test(run ?? '') && !['build', 'image'].includes(job.id),
      )
      .map(({ job }) => `${placeOf(job)} builds`),
    ...stepsOf(all)
      .filter(({ run, job }) => job.workflow !== 'build' && /--push/.test(run ?? ''))
      .map(({ job }) => `${placeOf(job)} pushes what it built`),
    ...digestProblems(all),
  ],
  'the steps of a release come in their order': (all) => {
    const ids = (all['deploy']?.jobs['deploy']?.steps ?? []).flatMap(({ id }) => id ?? []);
    const wrong = releaseSteps.find((id, index) => ids[index] !== id);
    return wrong === undefined && ids.length === releaseSteps.length
      ? []
      : [`${wrong ?? 'more steps'}: ${ids.join(' ')}`];
  },
  'nothing of the release goes on after a failure but the way back': (all) =>
    (all['deploy']?.jobs['deploy']?.steps ?? [])
      .filter(
        ({ id, if: condition = '', 'continue-on-error': goesOn }) =>
          goesOn !== undefined ||
          /always|failure|cancelled/.test(condition) !==
            (id?.startsWith('back-') || /failure\(\) && steps\.api-status/.test(condition)),
      )
      .map(({ id, name }) => id ?? name ?? ''),
  'each command is there, with its options, its stacks and the role that it needs': (all) => [
    ...stepsOf(all).flatMap(({ run = '', job }) =>
      commandProblems(run).map((problem) => `${placeOf(job)}: ${problem}`),
    ),
    ...jobsOf(all).flatMap(roleProblems),
  ],
};

/** The ids of the steps of a release, in order. */
export const releaseSteps: readonly string[] = [
  ...['gate', 'attestation', 'promote'],
  ...['file', 'temporal-schema', 'snapshot', 'temporal', 'tasks', 'migrate', 'migrated'],
  ...[
    'simulator',
    'api',
    'api-status',
    'join',
    'workers',
    'replay',
    'ramp',
    'make-current',
    'current',
    'workers-current',
    'status',
    'smoke',
  ],
  ...['back-workers', 'back', 'back-api'],
];

const triggers: Readonly<Record<string, unknown>> = {
  checks: { pull_request: { branches: ['develop', 'main'] }, push: { branches: ['develop', 'main'] } },
  development: { push: { branches: ['develop'] } },
  staging: { push: { branches: ['main'] } },
};

/** Where the image of an environment comes from. */
const sources = { development: 'development', staging: 'development', production: 'staging' } as const;

const placeOf = ({ workflow, id }: PlacedJob): string => `${workflow} ${id}`;

function severalVersions(all: Workflows): string[] {
  const found = new Map<string, Set<string>>();
  for (const { uses = '' } of stepsOf(all)) {
    const [action = '', commit = ''] = uses.split('@');
    if (commit !== '') found.set(action, (found.get(action) ?? new Set()).add(commit));
  }
  return [...found].filter(([, commits]) => commits.size > 1).map(([action]) => `${action} has several versions`);
}

const mayWrite = ['id-token', 'attestations', 'contents'];

function rightsOf(permissions: unknown): string[] {
  if (permissions === undefined) return ['says nothing of its rights'];
  if (typeof permissions !== 'object' || permissions === null) return [String(permissions)];
  const written = Object.entries(permissions)
    .filter(([, level]) => level === 'write')
    .map(([right]) => right);
  // A release page is written by a job that can do nothing else.
  const isPage = written.includes('contents') && Object.keys(permissions).length > 1;
  return [...written.filter((right) => !mayWrite.includes(right)), ...(isPage ? ['contents: write with more'] : [])];
}

function environmentProblems(job: PlacedJob): string[] {
  const roles = rolesOf(job);
  if (roles.length === 0) return [];
  const changes = roles.some((role) => !['diff', 'lookup'].includes(role));
  if (!changes)
    return job.environment === undefined ? [] : [`${placeOf(job)} only reads and waits for ${job.environment}`];
  const isRight =
    job.environment === '${{ inputs.environment }}' || environmentNames.some((name) => name === job.environment);
  const group = job.workflow === 'build' ? 'build-${{ github.sha }}' : 'deploy-${{ inputs.environment }}';
  const isAlone = JSON.stringify(job.concurrency) === JSON.stringify({ group, 'cancel-in-progress': false });
  return [
    ...(isRight ? [] : [`${placeOf(job)} changes an environment outside of it`]),
    ...(isAlone ? [] : [`${placeOf(job)} may run beside another`]),
  ];
}

/** `quittance-…-deploy` is deploy, the bootstrap's role for looking is lookup. In the order of the steps, with the steps under each. */
function rolesOf(job: PlacedJob): string[] {
  return job.steps.flatMap(({ with: options }) => {
    const role = String(options?.['role-to-assume'] ?? '');
    return role === ''
      ? []
      : (/-(publish|deploy|release|diff)$/.exec(role)?.[1] ?? (role.includes('-lookup-role-') ? 'lookup' : role));
  });
}

function callerProblems(all: Workflows, environment: keyof typeof sources): string[] {
  const job = all[environment]?.jobs['deploy'];
  const before = environment === 'development' ? 'build' : 'image';
  const from = all[environment]?.jobs[before];
  const expected: [string, unknown, unknown][] = [
    ['calls', job?.uses, './.github/workflows/deploy.yml'],
    ['environment', job?.with?.['environment'], environment],
    ['from', job?.with?.['from'], sources[environment]],
    ['needs', job?.needs, before],
    ['before', from?.uses, `./.github/workflows/${before}.yml`],
    ['its image', from?.with?.['environment'], environment === 'development' ? undefined : sources[environment]],
    ['plan', all['deploy']?.jobs['deploy']?.needs, 'plan'],
  ];
  return expected
    .filter(([, found, wanted]) => found !== wanted)
    .map(([what, found]) => `${environment} ${what}: ${String(found)}`);
}

function digestProblems(all: Workflows): string[] {
  const passed = environmentNames.map((environment) => {
    const job = environment === 'development' ? 'build' : 'image';
    return [
      environment,
      all[environment]?.jobs['deploy']?.with?.['digest'],
      `\${{ needs.${job}.outputs.digest }}`,
    ] as const;
  });
  const job = all['deploy']?.jobs['deploy'];
  const env = job?.['env'] as Record<string, unknown> | undefined;
  const own = [
    ['deploy', env?.['DIGEST'], '${{ inputs.digest }}'],
    [
      'build',
      (all['build']?.jobs['build']?.['outputs'] as Record<string, unknown> | undefined)?.['digest'],
      '${{ steps.image.outputs.digest }}',
    ],
  ] as const;
  const others = (job?.steps ?? []).filter(
    ({ run = '', id = '' }) => /--digest (?!"\$DIGEST")/.test(run) && !id.startsWith('back'),
  );
  return [
    ...[...passed, ...own]
      .filter(([, found, wanted]) => found !== wanted)
      .map(([where, found]) => `${where}: ${String(found)}`),
    ...others.map(({ run }) => `another digest: ${run}`),
  ];
}

function commandProblems(run: string): string[] {
  const scripts: Record<string, string> = JSON.parse(read('package.json')).scripts;
  const npm = [...run.matchAll(/npm run (?:--silent )?([\w:]+)/g)].flatMap(([, name = '']) =>
    scripts[name] ? [] : [`no script ${name}`],
  );
  const programs = [...run.matchAll(/node (\S+\.ts)(.*)$/gm)].flatMap(([, program = '', args = '']) =>
    programProblems(program, args),
  );
  const platform = read('infra/platform.ts');
  const stacks = [
    ...run.matchAll(/"\$ENVIRONMENT\/([A-Za-z]+)"/g),
    ...(/--stacks (\S+)/.exec(run)?.[1] ?? '').matchAll(/([A-Za-z]+)/g),
  ]
    .map(([, stack = '']) => stack)
    .filter((stack) => !platform.includes(`new ${stack}Stack(`));
  return [...npm, ...programs, ...stacks.map((stack) => `no stack ${stack}`)];
}

function programProblems(program: string, args: string): string[] {
  if (!exists(program)) return [`no program ${program}`];
  const source = read(program);
  return [...args.matchAll(/--([a-z-]+)/g)]
    .map(([, option = '']) => option)
    .filter(
      (option) =>
        !new RegExp(`^ {4}'?${option}'?: `, 'm').test(source) &&
        !new RegExp(`^ {2}options: \\{.*\\b${option}: `, 'm').test(source),
    )
    .map((option) => `${program} has no option --${option}`);
}

/** What a program may call is a right of one role. */
const roleOfProgram: Readonly<Record<string, readonly string[]>> = {
  'gate.ts': ['publish'],
  'promote.ts': ['publish'],
  'find-image.ts': ['publish', 'lookup'],
  'temporal-schema.ts': ['release'],
  'snapshot.ts': ['release'],
  'run-task.ts': ['release'],
  'migrated.ts': ['release'],
  'workers.ts': ['release'],
  'smoke.ts': ['release'],
  'deployment-file.ts': ['deploy', 'release', 'diff'],
  'stack-status.ts': ['deploy'],
  'drained.ts': ['release', 'diff'],
  'drift.ts': ['lookup'],
  'cdk deploy': ['deploy'],
  'cdk diff': ['diff'],
};

function roleProblems(job: PlacedJob): string[] {
  let role = 'nobody';
  return job.steps.flatMap((step) => {
    role = rolesOf({ ...job, steps: [step] })[0] ?? role;
    const command = /infra\/pipeline\/(\S+\.ts)/.exec(step.run ?? '')?.[1] ?? /npx (cdk \w+)/.exec(step.run ?? '')?.[1];
    if (command === undefined) return [];
    return roleOfProgram[command]?.includes(role) ? [] : [`${placeOf(job)}: ${command} as ${role}`];
  });
}
