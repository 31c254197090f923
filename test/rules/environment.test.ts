import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { readEnv } from '../../config/env.ts';
import { takeForeign } from '../../config/environment.ts';
import { describeSettings, variables } from '../../config/variables.ts';
import { launcherVariables, readLocalSettings } from '../../local/settings.ts';
import { exists, read, root, sources, toolFolders } from '../support/tree.ts';

/** Where the environment may be read, each with its reason. */
const readsEnvironment: Record<string, string> = {
  'config/env.ts': 'the one reader of our programs',
  'config/environment.ts': 'takes out of it what libraries would read by themselves',
  'simulator/main.ts': 'the simulator imports nothing of ours, so it hands itself its own settings',
};

test("process.env is read in config/env.ts, the simulator's settings and the tools around the programs", () => {
  const free = toolFolders.filter((folder) => folder !== 'simulator');
  const elsewhere = sources()
    .filter((file) => !free.includes(file.split('/')[0] ?? '') && !(file in readsEnvironment))
    .filter((file) => /process\.env|from 'node:process'|from 'process'/.test(code(file)));
  expect(elsewhere).toEqual([]);
});

test.each([
  ['domain', /\bDate\.now\b|\bnew Date\(\)|Math\.random|randomUUID|randomBytes|performance\.now/],
  // In a workflow `new Date()` is Temporal's clock, which a replay sets back.
  ['workflows', /\bDate\.now\b|Math\.random|randomUUID|randomBytes|performance\.now/],
])('%s is given its time and its chance', (folder, forbidden) => {
  expect(sources([folder]).filter((file) => forbidden.test(code(file)))).toEqual([]);
});

/** A setting that nothing reads looks like one that works. */
const examples = Object.fromEntries(describeSettings(variables).map(({ name, example }) => [name, example]));
const declaring = /^(config\/(env|variables)|local\/settings)\.ts$/;
const textOf = (folders: string[]) =>
  sources(folders)
    .filter((file) => !file.endsWith('.test.ts') && !declaring.test(file))
    .map(code)
    .join('\n');
const programs = textOf([
  'api',
  'worker',
  'activities',
  'workflows',
  'rails',
  'ledger',
  'config',
  'drizzle',
  'codec-server',
  'operator',
  'storage',
]);
const launcher = textOf(['local']);

const isNamed = (name: string, text: string) => new RegExp(`(\\.|[{,]\\s*)${name}\\b`).test(text);

/** Whether programs read `env.<group>.<member>`, or take the group whole and read a member of that name. */
function isRead(group: string, member: string): boolean {
  if (new RegExp(`\\benv\\.${group}\\??\\.${member}\\b`).test(programs)) return true;
  return new RegExp(`\\benv\\.${group}\\b(?!\\??\\.)`).test(programs) && isNamed(member, programs);
}

/** Files of an example are not here, and tokens contradict the passwords of the others. */
const withoutFiles = Object.fromEntries(
  Object.entries(examples).filter(([name]) => !/_(CERT|KEYS?)_(PATH|DATA)$|_IAM_/.test(name)),
);
const isGroup = (value: unknown): value is object => Object.getPrototypeOf(value) === Object.prototype;
const members = Object.entries(readEnv(withoutFiles)).flatMap(([group, value]) =>
  isGroup(value)
    ? Object.entries(value).flatMap(([name, own]) =>
        (group === 'rails' && isGroup(own) ? Object.keys(own) : [name]).map((member): [string, string] => [
          group,
          member,
        ]),
      )
    : [],
);

test('every variable becomes a member of the settings', () => {
  const grouping = sources(['config'])
    .filter((file) => !file.endsWith('.test.ts'))
    .map(code)
    .join('\n');
  const names = Object.keys(variables.shape).filter((name) => !name.startsWith('RAIL_'));
  expect(names.filter((name) => !grouping.includes(`read.${name}`))).toEqual([]);
});

test.each(members)('env.%s.%s is read by a program', (group, member) => {
  expect(isRead(group, member)).toBe(true);
});

test('a setting that no program reads is found', () => {
  expect([isRead('api', 'unreadSetting'), isRead('sweep', 'unreadSetting'), isRead('unread', 'url')]).toEqual([
    false,
    false,
    false,
  ]);
});

test('what `npm start` reads is used by it', () => {
  const { ports: _, ...others } = readLocalSettings({});
  expect(Object.keys(others).filter((name) => !isNamed(name, launcher))).toEqual([]);
  const grouped = [...read('local/settings.ts').matchAll(/\bread\.(\w+)/g)].map(([, name]) => name);
  const used = `${launcher} ${grouped.join(' ')}`;
  expect(Object.keys(launcherVariables.shape).filter((name) => !used.includes(name))).toEqual([]);
});

/** The file without its comments: a rule may be talked about. */
function code(file: string): string {
  return read(file)
    .replaceAll(/\/\*[\s\S]*?\*\//g, '')
    .replaceAll(/^\s*\/\/.*$/gm, '');
}

/** What the packages of production read by themselves, beside what config/environment.ts takes out, and why it may stay. */
const harmless: readonly [RegExp, string][] = [
  [/^AWS_EC2_METADATA_SERVICE_ENDPOINT(_MODE)?$/, 'where a machine of Amazon asks for its role'],
  [
    /^(CI|TERM|COLUMNS|COLORTERM|(NO|FORCE)_COLOR|CLICOLOR_FORCE|NO_DEPRECATION|TRACE_DEPRECATION)$/,
    'colors and warnings',
  ],
  [/^(HOME|USER|USERNAME|NODE_ENV|NODE_OPTIONS|INIT_CWD|HADOOP_HOME)$/, 'who and where we are'],
  [
    /^(NODE_DEBUG|NODE_COMPILE_CACHE|NODE_V8_COVERAGE)$/,
    'Node has read it before us; SECURITY.md names what it prints',
  ],
  [/^TEMPORAL_(DEBUG|DEBUGGER_PLUGIN_URL|TRACE_NATIVE_CALLS)$/, 'a debugger of workflows; it names no server'],
  [
    /^BROWSERSLIST$|^(BROWSERSLIST|BASELINE_BROWSER|SWC|TERSER|WATCHPACK|NAPI_RS)_|^(TS_NODE_DEV|YARGS_MIN_NODE_VERSION|npm_config_loglevel)$/,
    'the bundler',
  ],
  [/GRACEFUL_FS|^(JEST_WORKER_ID|SKIP_VALIDATION|UNDICI_NO_WASM_SIMD)$/, 'how files and bytes are read'],
  [/^(HOST|PORT|(NFS|DATABASE)_\w+)$/, 'an example in a comment'],
];

test('a variable that a package reads by itself is taken out, or known to be harmless', () => {
  const unknown = [...variablesOfPackages()].filter((name) => {
    const environment: Record<string, string> = { [name]: 'x' };
    return Object.keys(takeForeign(environment)).length === 0 && !harmless.some(([form]) => form.test(name));
  });
  expect(unknown.toSorted()).toEqual([]);
});

/** The names after `process.env` in every file of JavaScript of the packages that production has. */
function variablesOfPackages(): Set<string> {
  const lock = JSON.parse(read('package-lock.json')) as { packages: Record<string, { dev?: boolean }> };
  const folders = Object.entries(lock.packages).filter(([path, { dev }]) => path !== '' && !dev && exists(path));
  const names = new Set<string>();
  for (const [folder] of folders)
    for (const file of readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })) {
      if (
        !/\.[cm]?js$/.test(file) ||
        /(^|\/)(node_modules|\.yarn|tests?|docs|bench(marks?)?|examples?|scripts)\//.test(file)
      )
        continue;
      const text = readFileSync(join(root, folder, file), 'utf8');
      for (const [, dotted, quoted] of text.matchAll(/process\.env(?:\.(\w+)|\[['"`](\w+)['"`]\])/g))
        names.add(dotted ?? quoted ?? '');
    }
  return names;
}
