import type { IConfiguration, IForbiddenRuleType, IRegularForbiddenRuleType as Regular } from 'dependency-cruiser';
import { infraRules } from './infra/check/import-rules.ts';

/** One row of the table: what a folder may import, and what to tell who tries more. */
type Row = { ours: string[]; types: string[]; packages: string; node: boolean; why: string };

/**
 * Who may import whom, as a table: imports go one way. The domain knows nobody; the ledger and the workflows know the domain; activities and programs know of the workflows only their contract; programs do the wiring. One rule per row and column, each with why it is so and what to do instead. `ours`: values from our folders. `types`: types only, besides those. `packages`: values from npm packages. `node`: Node's own modules. `test`, `local`, `docs` and `bench` are tools around the platform and may import anything but a test; `infra` reads its tables.
 */
export const folders: Record<string, Row> = {
  domain: {
    ours: [],
    types: [],
    packages: 'ipaddr.js', // Pure as well: it reads addresses, and neither asks nor connects.
    node: false,
    why: 'The domain is pure, so that it runs anywhere, workflows included. Pass what it needs as an argument.',
  },
  ledger: {
    ours: ['domain/', 'drizzle/', 'concurrency/'],
    types: ['config/'],
    packages: 'drizzle-orm pg prom-client',
    node: true,
    why: 'The ledger writes money and knows nothing of HTTP, rails or Temporal. Return an outcome; let a step or an endpoint act on it.',
  },
  rails: {
    ours: ['domain/', 'http-client/'],
    types: [],
    packages: 'zod p-limit',
    node: true,
    why: 'A rail speaks with its network and nothing else. Let the activity write what it answers to the ledger.',
  },
  workflows: {
    ours: ['domain/'],
    types: [],
    packages: '@temporalio/workflow @temporalio/common',
    node: false,
    why: 'Workflow code is replayed, so it may only know the order of steps. Say what you need in workflows/contract/steps.ts; an activity does it.',
  },
  activities: {
    ours: [
      '(domain|ledger|rails|http-client|concurrency|statements|archive|workflows/contract)/|storage/(port|fault|retention|sha256)\\.ts$',
    ],
    types: ['config/', 'cache/', 'drizzle/', 'telemetry/'],
    packages:
      '@temporalio/activity @temporalio/client @temporalio/common standardwebhooks p-limit p-timeout prom-client',
    node: true,
    why: 'A step is given what it needs (a ledger, a rail, a client) by the worker. Take it as a member of `deps`.',
  },
  cache: {
    ours: ['domain/', 'concurrency/'],
    types: ['config/'],
    packages: 'ioredis lru-cache p-timeout prom-client',
    node: true,
    why: 'Redis holds only what may vanish, so the cache never reads the book by itself. Pass a loader.',
  },
  storage: {
    ours: ['domain/'],
    types: ['config/'],
    packages: '@aws-sdk/client-s3 @aws-sdk/s3-request-presigner p-limit p-timeout zod',
    node: true,
    why: 'The object store keeps bytes and knows nothing of what they are about. Render, hash and record them in a step.',
  },
  statements: {
    ours: ['domain/'],
    types: [],
    packages: 'canonicalize fontkit pdfkit xmlbuilder2 zod',
    node: true,
    why: 'A statement is drawn from its document and from nothing else, so that it can be drawn again. Read, store and record it in a step.',
  },
  archive: {
    ours: ['domain/'],
    types: ['ledger/'],
    packages: 'canonicalize @aws-sdk/client-kms',
    node: true,
    why: 'A record is made of its row and nothing else, so that each try makes the same bytes. Read, put and sign in a step.',
  },
  'archive-verification': {
    ours: ['domain/'],
    types: ['ledger/', 'storage/'],
    packages: 'zod',
    node: true,
    why: 'It is a second opinion on the archive: whatever it shared with the writer, it would get wrong with it. docs/archive.md says the format.',
  },
  encryption: {
    ...{ ours: ['domain/', 'concurrency/'], types: [], node: true },
    packages: '@aws-sdk/client-kms @temporalio/common @temporalio/proto lru-cache',
    why: 'A codec knows bytes and keys, and nothing of what is encrypted. What is decided by content belongs before it.',
  },
  api: {
    ours: [
      '(domain|config|cache|ledger/read|concurrency|telemetry|workflows/contract)/',
      'ledger/(faults|feed/feeds-with-news|upkeep/(liveness|backlog)|accounts/[^/]+|access/[^/]+|archive/note-(accesses|refused-sign-ins)|entries/[^/]+|periods/close|statements/(change-plan|note-link|request|set-pace)|holds/[^/]+|notices/((create|change|delete)-webhook-endpoint|replay-own-delivery|rotate-endpoint-secret|test-endpoint)|transfers-on-request|transfers/preview)\\.ts$',
      'encryption/data-converter\\.ts$|activities/(ensure-running|notices/wake-deliveries|statements/wake-runs|versions/routing)\\.ts$',
      'storage/open\\.ts$|rails/(index|definition)\\.ts$|statements/(csv|posting|schema|camt/message)\\.ts$',
    ],
    types: ['ledger/', 'drizzle/', 'storage/'],
    packages:
      'koa koa-helmet helmet @koa/router zod zod-openapi canonicalize uuid lru-cache p-timeout prom-client pino ipaddr.js @scalar/api-reference @temporalio/client @temporalio/common standardwebhooks',
    node: true,
    why: 'The API turns HTTP into a domain request and back. What moves money through a workflow is not its to write: start the group.',
  },
  worker: {
    ours: [
      '(domain|activities|ledger|rails|drizzle|config|cache|telemetry|concurrency|workflows/contract)/|(statements/render/renderers|archive/signers?|storage/open|encryption/data-converter)\\.ts$',
    ],
    types: [],
    packages:
      '@temporalio/worker @temporalio/client @temporalio/common @temporalio/activity @temporalio/proto pino pg prom-client get-port',
    node: true,
    why: 'The worker wires steps to their tools. Workflows are named by path and bundled, never imported.',
  },
  'codec-server': {
    ours: ['config/', 'encryption/', 'http-client/', 'telemetry/'],
    types: [],
    packages: 'koa zod lru-cache prom-client',
    node: true,
    why: 'It can read everything that Temporal stores, so it knows no database and asks the API who may.',
  },
  operator: {
    ours: [
      '(domain|ledger|drizzle|config|http-client|storage|archive-verification|workflows/contract)/|(activities/(statements/start-run|versions/(deployment|replay-mark))|archive/(signers?|object-keys)|workflows/words|encryption/(data-converter|key-file))\\.ts$',
    ],
    types: ['archive/'],
    packages: '@temporalio/client @temporalio/common commander pg uuid zod',
    node: true,
    why: 'An operator runs a verb of the ledger and reads what it did. Needs nothing of local/; what it does not know is an option or DATABASE_URL.',
  },
  drizzle: {
    // A sentence for a person is an error of its own kind.
    ours: ['config/explain-error\\.ts$'],
    types: ['domain/', 'config/'],
    packages: 'drizzle-orm drizzle-kit pg pg-connection-string',
    node: true,
    why: 'Table declarations and migrations describe the database and nothing above it.',
  },
  config: {
    ours: ['domain/(check|network)\\.ts$', 'rails/index\\.ts$'],
    types: ['domain/'],
    packages:
      'zod pino pino-pretty undici p-timeout @temporalio/client @temporalio/common @temporalio/worker @smithy/core @smithy/signature-v4 @aws-sdk/credential-provider-node',
    node: true,
    why: 'Settings are read once and passed as arguments; they know nobody who uses them. Each rail says its own (rails/index.ts).',
  },
  telemetry: {
    ours: [],
    types: ['config/'],
    packages: 'prom-client undici p-timeout',
    node: true,
    why: 'Health, metrics and stopping are the same for every program and know none of them. Pass a probe, a registry, a close.',
  },
  concurrency: {
    ...{ ours: [], types: [], packages: 'p-limit', node: true },
    why: 'A semaphore or a queue knows nothing of what waits in it. Pass what it needs as an argument.',
  },
  'http-client': {
    ...{ ours: [], types: [], packages: '', node: true },
    why: 'An exchange over HTTP knows nothing of what it carries. Pass what it needs as an argument; read the answer where its meaning is known.',
  },
  simulator: {
    ...{ ours: [], types: [], packages: 'koa @koa/router zod pino', node: true },
    why: 'The simulator stands for a bank: a second opinion. Whatever it shared with us, it would get wrong with us.',
  },
};

const product = Object.keys(folders);
const tools = ['test', 'local', 'docs', 'bench', 'infra'];
const known = `^(${[...product, ...tools].join('|')})/`;
const aTest = '\\.test\\.ts$';
/** Where a program, a tool or the workflow bundle begins: what is reached from none of these is dead. */
const entrances =
  '(^|/)main\\.ts$|^worker/replay\\.ts$|^workflows/(index|versioned)\\.ts$|^statements/render/thread\\.ts$|^encryption/failure-converter\\.cjs$|^drizzle/((migrate|prepare-server|write-token)\\.ts$|schema/)|^(local|bench|docs)/';

/** A program's entrance may also open the database: it is the one place where the wiring is written down. */
const entranceExtras: Record<string, string[]> = { api: ['drizzle/'], drizzle: ['config/'] };

export const rules: IForbiddenRuleType[] = [
  ...Object.entries(folders).flatMap(([folder, row]) => folderRules(folder, row)),
  ...entranceRules(),
  rule(
    'no-rail-imports-another',
    'A rail is removed by removing its folder. What two rails share belongs to domain/rail.ts.',
    { path: '^rails/([^/]+)/' },
    { path: '^rails/[^/]+/', pathNot: '^rails/$1/' },
  ),
  rule(
    'no-product-imports-tools',
    'What runs in production must not need the launcher, the tests or the bench. Move what is shared into the product.',
    { path: `^(${product.join('|')})/`, pathNot: aTest },
    { path: `^(${tools.join('|')})/` },
  ),
  ...infraRules(product),
  rule(
    'no-one-imports-the-simulator',
    'The simulator is reached over HTTP, as a bank is. Only the launcher and the tests may start it in process.',
    { pathNot: '^(simulator|local|test)/|\\.test\\.ts$' },
    { path: '^simulator/' },
  ),
  rule('no-one-imports-a-test', 'A test is a leaf. Put what several share into test/support.', {}, { path: aTest }),
  rule(
    'no-cycle',
    'Two files that need each other are one file, or the part both need is a third.',
    {},
    { circular: true },
  ),
  rule(
    'no-unknown-folder',
    'Another top folder needs a decision record (docs/adr) and a row in this table.',
    { path: '/', pathNot: `${known}|node_modules/` },
    {},
  ),
  rule(
    'no-unresolved',
    'The import leads nowhere. Relative imports end in .ts; packages stand in package.json.',
    {},
    { couldNotResolve: true },
  ),
  rule(
    'no-development-package-in-product',
    'The image leaves development packages out. Move the package to dependencies, with a decision record.',
    { path: `^(${product.join('|')})/`, pathNot: `${aTest}|^config/log\\.ts$` },
    { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['type-only'] },
  ),
  rule(
    'no-undeclared-package',
    'The package is there by luck, through another. Name it in package.json.',
    { path: known, pathNot: '^infra/check/' }, // They run with the root's packages.
    { dependencyTypes: ['npm-no-pkg', 'npm-unknown'] },
  ),
  {
    name: 'no-dead-file',
    comment: 'No program reaches this file. Delete it, or use it.',
    severity: 'error',
    from: { path: entrances },
    to: { path: `^(${product.join('|')})/`, pathNot: `${aTest}|${entrances}|^drizzle/migrations/`, reachable: false },
  },
];

const configuration: IConfiguration = {
  forbidden: rules,
  options: {
    tsPreCompilationDeps: true,
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^(dist|coverage|\\.local|\\.test)/' },
    enhancedResolveOptions: {
      extensions: ['.ts', '.mjs', '.js'],
      exportsFields: ['exports'],
      conditionNames: ['node', 'import', 'default'],
    },
    tsConfig: { fileName: 'tsconfig.json' },
  },
};

export default configuration;

/** Values, types, packages and Node's modules of one row of the table. Tests beside the code are free. */
function folderRules(folder: string, { ours, types, packages, node, why }: Row): IForbiddenRuleType[] {
  const everywhere = { path: `^${folder}/`, pathNot: aTest };
  const from = entranceExtras[folder]
    ? { ...everywhere, pathNot: `${aTest}|/main\\.ts$|^drizzle/(migrate|prepare-server|write-token)\\.ts$` }
    : everywhere;
  const ofOurs = { path: `^(${product.join('|')})/` };
  const mayValues = anyOf([`${folder}/`, ...ours]);
  const made = [
    rule(`${folder}-values`, why, from, { ...ofOurs, pathNot: mayValues, dependencyTypesNot: ['type-only'] }),
    rule(`${folder}-types`, why, everywhere, { ...ofOurs, pathNot: anyOf([`${folder}/`, ...ours, ...types]) }),
    rule(`${folder}-packages`, `Not among the packages of ${folder}/. ${why}`, everywhere, {
      path: 'node_modules/',
      dependencyTypesNot: ['type-only'],
      pathNot: packages === '' ? '^$' : `node_modules/(${packages.replaceAll(' ', '|')})/`,
    }),
  ];
  if (!node) made.push(rule(`${folder}-node`, why, from, { dependencyTypes: ['core'] }));
  return made;
}

/** The entrances of the folders above may import the values of a little more than the folder, and no more than that. */
function entranceRules(): IForbiddenRuleType[] {
  return Object.entries(folders).flatMap(([folder, { ours, why }]) => {
    const extras = entranceExtras[folder];
    if (!extras) return [];
    return rule(
      `${folder}-entrance`,
      `A main.ts wires its program and may also import ${extras.join(', ')}. ${why}`,
      { path: [`^${folder}/(main|migrate|prepare-server|write-token)\\.ts$`, `^${folder}/.*/main\\.ts$`] },
      {
        path: `^(${product.join('|')})/`,
        pathNot: anyOf([`${folder}/`, ...ours, ...extras]),
        dependencyTypesNot: ['type-only'],
      },
    );
  });
}

function rule(name: string, comment: string, from: Regular['from'], to: Regular['to']): IForbiddenRuleType {
  return { name, comment, severity: 'error', from, to };
}

function anyOf(paths: string[]): string {
  return `^(${paths.join('|')})`;
}
