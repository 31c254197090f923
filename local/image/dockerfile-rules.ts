import type { Instruction, Stage } from './dockerfile.ts';

/**
 * What is wrong with a Dockerfile, a sentence each with its line; nothing when all is well. The rules are those that a reviewer
 * would ask for, and that a build does not: who the program runs as, that it gets its signals, and that what comes from outside is named so
 * that nobody else can exchange it.
 */
export function dockerfileFaults(stages: readonly Stage[]): string[] {
  const names = new Set(stages.map(({ name }) => name));
  const bases = stages.flatMap((stage, i) => {
    const fault = names.has(stage.base) ? null : baseFault(stage.base);
    return fault === null ? [] : [`stage ${stage.name ?? i + 1}: ${fault}`];
  });
  const lines = stages.flatMap(({ instructions }) => instructions.flatMap(faultsOf));
  // What is run is what nothing else begins with, and nobody copies from only.
  const used = new Set([...stages.map(({ base }) => base), ...stages.flatMap(copiedFrom)]);
  const ends = stages.filter(({ name }, i) => name === null || !used.has(name) || i === stages.length - 1);
  return [...bases, ...lines, ...ends.flatMap((stage) => endFaults(stage, stages))];
}

/** A tag says which release, a digest which bytes. What stays a variable is for who builds: the comment beside it says that it needs a digest. */
function baseFault(base: string): string | null {
  if (/^\$\{[A-Z0-9_]+\}$/.test(base) || /@sha256:[0-9a-f]{64}$/.test(base)) return null;
  const [, tag = ''] = /:([^/:@]+)$/.exec(base) ?? [];
  if (tag === '' || tag === 'latest') return `${base} is whatever is newest: name a release`;
  return null;
}

const copiedFrom = ({ instructions }: Stage): string[] => instructions.flatMap(({ flags }) => flags['from'] ?? []);

function endFaults(stage: Stage, stages: readonly Stage[]): string[] {
  const chain = chainOf(stage, stages);
  const last = (keyword: Instruction['keyword']) =>
    chain.flatMap(({ instructions }) => instructions.filter((one) => one.keyword === keyword)).at(-1)?.rest;
  const user = last('USER') ?? 'root';
  const name = stage.name ?? 'the last stage';
  return /^(root|0)(:|$)/.test(user) ? [`${name}: the program would be root; end with USER`] : [];
}

/** A stage after those that it begins with. */
function chainOf(stage: Stage, stages: readonly Stage[]): Stage[] {
  const base = stages.find(({ name }) => name === stage.base);
  return base ? [...chainOf(base, stages), stage] : [stage];
}

type Rule = { keywords: Instruction['keyword'][]; breaks: (instruction: Instruction) => boolean; says: string };

const secretName = /\b\w*(PASSWORD|PASSWD|SECRET|TOKEN|CREDENTIAL|PRIVATE_KEY|API_KEY)\w*\b/i;

const rules: readonly Rule[] = [
  {
    keywords: ['CMD'],
    breaks: ({ rest }) => !rest.startsWith('['),
    says: 'a shell would be between the signal and the program: write ["node", …]',
  },
  {
    keywords: ['ADD'],
    breaks: ({ flags }) => !/^sha256:([0-9a-f]{64}|\$\{[A-Z0-9_]+\})$/.test(flags['checksum'] ?? ''),
    says: 'ADD without --checksum=sha256:… takes whatever is there that day; files of the tree are for COPY',
  },
  {
    keywords: ['ADD'],
    breaks: ({ rest }) => !rest.startsWith('https://'),
    says: 'ADD is for an https:// address; files of the tree are for COPY',
  },
  {
    keywords: ['ARG', 'ENV'],
    breaks: ({ rest }) => secretName.test(rest.split('=')[0] ?? ''),
    says: 'a secret would be readable in the image: give it to the program when it starts',
  },
  {
    keywords: ['COPY'],
    breaks: ({ rest }) =>
      /(^|[\s/])(\.env\S*|\.npmrc|\.git|\S+\.pem|\S+\.key)(\s|$)/.test(rest) && !rest.includes('rds-ca.pem'),
    says: 'this file is for one machine, or a secret',
  },
  {
    keywords: ['COPY'],
    breaks: ({ rest }) => /^\.\/?\s/.test(rest),
    says: 'name each folder: what is added to the tree later would be in the image by itself',
  },
  {
    keywords: ['RUN'],
    breaks: ({ rest }) => /\bnpm (i|install|update)\b/.test(rest),
    says: 'only `npm ci` installs what the lock file says',
  },
  {
    keywords: ['RUN'],
    breaks: ({ rest }) => /\b(curl|wget)\b/.test(rest),
    says: 'nobody compares what comes: use ADD with a checksum',
  },
  {
    keywords: ['RUN'],
    breaks: ({ rest }) => /\b(apt-get|apt|apk) (update|install|add)\b/.test(rest),
    says: 'packages of a distribution without a version: take a base image that has them',
  },
  {
    keywords: ['RUN'],
    breaks: ({ rest }) => /\bsudo\b|chmod (-R )?[0-7]?777\b/.test(rest),
    says: 'more rights than anything needs',
  },
];

const faultsOf = (instruction: Instruction): string[] =>
  rules
    .filter(({ keywords, breaks }) => keywords.includes(instruction.keyword) && breaks(instruction))
    .map(({ says }) => `line ${instruction.line}, ${instruction.keyword}: ${says}`);
