import { chmodSync, copyFileSync, cpSync, lstatSync, mkdirSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { readIgnoreFile, sentFiles } from './context.ts';
import { type Instruction, readDockerfile, type Stage } from './dockerfile.ts';
import { type Effect, effectOf, runCommand } from './run-command.ts';

/** What a build makes, as a folder: `root` stands for `/` without what the base image brings. */
export type Assembled = {
  root: string;
  workdir: string;
  env: Readonly<Record<string, string>>;
  user: string;
  command: readonly string[];
  /** Folders that belong, with all that is in them, to the image's user; all else belongs to root. */
  writable: readonly string[];
};

/**
 * Does here what the Dockerfile says, without a container engine: COPY from the tree by the rules of .dockerignore, RUN by a shell in the
 * folder of its stage. What the base image brings is not there. `dockerfile`: another text than that of the tree. Throws a sentence
 * for a line whose effect here would be another than in a build.
 */
export function assemble({ tree, folder, target, dockerfile, args = {} }: Options): Assembled {
  const stages = readDockerfile(dockerfile ?? readFileSync(join(tree, 'Dockerfile'), 'utf8'), args);
  const wanted = target === undefined ? stages.at(-1) : stages.find(({ name }) => name === target);
  if (!wanted) throw new Error(`The Dockerfile has no stage ${target ?? 'at all'}.`);
  const sent = sentFiles(tree, readIgnoreFile(readFileSync(join(tree, '.dockerignore'), 'utf8')));
  const build: Build = { tree, folder, sent, stages, done: new Map() };
  const { root, workdir, env, user, command, writable } = runStage(build, wanted);
  return { root, workdir, env, user, command, writable };
}

/** `tree`: the checkout. `folder`: an empty one, for all stages. `target`: the name of a stage; absent: the last. `args`: what `--build-arg` says. */
export type Options = {
  tree: string;
  folder: string;
  target?: string;
  dockerfile?: string;
  args?: Readonly<Record<string, string>>;
};

type Build = {
  tree: string;
  folder: string;
  sent: readonly string[];
  stages: readonly Stage[];
  done: Map<Stage, State>;
};
type State = {
  root: string;
  workdir: string;
  env: Record<string, string>;
  args: Record<string, string>;
  user: string;
  command: string[];
  writable: string[];
};

function runStage(build: Build, stage: Stage): State {
  const known = build.done.get(stage);
  if (known) return known;
  const base = build.stages.find(({ name }) => name === stage.base);
  // A stage that begins with another one goes on in its folder: nothing reads that one afterwards.
  const state = base
    ? runStage(build, base)
    : {
        root: join(build.folder, String(build.stages.indexOf(stage))),
        workdir: '/',
        env: {},
        args: {},
        user: 'root',
        command: [],
        writable: [],
      };
  mkdirSync(state.root, { recursive: true });
  for (const instruction of stage.instructions) steps[instruction.keyword](build, state, instruction);
  build.done.set(stage, state);
  return state;
}

type Step = (build: Build, state: State, instruction: Instruction) => void;

const steps: Record<Instruction['keyword'], Step> = {
  FROM: () => {},
  ARG: (_, state, { rest }) => {
    const [name = '', value] = rest.split('=');
    if (value !== undefined) state.args[name] = value;
  },
  ENV: (_, state, { rest, line }) => {
    const [, name = '', value = ''] = /^([A-Z][A-Z0-9_]*)=([^\s$"']+)$/.exec(rest) ?? [];
    if (name === '') refuse(line, 'ENV is `ENV <NAME>=<value>`, one each');
    state.env[name] = value;
  },
  WORKDIR: (_, state, { rest, line }) => {
    if (!/^\/[\w/.-]*$/.test(rest)) refuse(line, 'WORKDIR is an absolute path');
    state.workdir = rest;
    mkdirSync(inside(state, rest), { recursive: true });
  },
  USER: (_, state, { rest }) => {
    state.user = rest;
  },
  CMD: (_, state, { rest, line }) => {
    const words: unknown = rest.startsWith('[') ? JSON.parse(rest) : null;
    if (!Array.isArray(words)) refuse(line, 'CMD has the exec form, `["node", "api/main.ts"]`');
    state.command = words.map(String);
  },
  VOLUME: (_, state, { rest }) => {
    // Mounted over when it runs: a folder, as RUN has made it.
    for (const path of JSON.parse(rest)) mkdirSync(inside(state, String(path)), { recursive: true });
  },
  RUN: (_, state, { rest, line }) => {
    const effect = effectOf(rest);
    if (effect === null)
      refuse(line, 'a path outside of the folder, in a form that local/image/run-command.ts does not know');
    apply(state, effect);
  },
  COPY: copy,
  ADD: (_, state, { rest, flags, line }) => {
    // From the network, so it is not here; what it says is compared by `dockerfile-rules.ts`.
    const [from = '', to = ''] = rest.split(/\s+/);
    if (!from.startsWith('https://') || flags['checksum'] === undefined)
      refuse(line, 'ADD is for an address with a checksum; COPY for files');
    mkdirSync(dirname(inside(state, to)), { recursive: true });
  },
};

function apply(state: State, effect: Effect): void {
  if (effect.kind === 'command')
    runCommand(effect.text, { cwd: inside(state, '.'), env: { ...state.args, ...state.env } });
  if (effect.kind !== 'folders') return;
  for (const path of effect.folders) mkdirSync(inside(state, path), { recursive: true });
  state.writable.push(effect.owned);
}

/** COPY: a file into a folder (`./`) or to a name, a folder's content to a name; only what is sent to the build, with fixed rights. */
function copy(build: Build, state: State, { rest, flags, line }: Instruction): void {
  const { from, chmod, ...others } = flags;
  const paths = rest.split(/\s+/);
  const to = paths.pop() ?? '';
  if (Object.keys(others).length > 0 || paths.length === 0 || /["'[$*?]/.test(rest)) refuse(line, 'this form of COPY');
  if (from !== undefined) {
    const source = build.stages.find(({ name }) => name === from);
    if (!source) refuse(line, `there is no stage ${from}`);
    const [path = ''] = paths;
    cpSync(join(runStage(build, source).root, path), inside(state, to), { recursive: true, verbatimSymlinks: true });
    return;
  }
  for (const path of paths) {
    const files = build.sent.filter((file) => file === path || file.startsWith(`${path}/`));
    if (files.length === 0)
      refuse(line, `${path} is not sent to the build: .dockerignore leaves it out, or it is not there`);
    for (const file of files) {
      const isFolder = lstatSync(join(build.tree, path)).isDirectory();
      const name = isFolder ? file.slice(path.length + 1) : to.endsWith('/') ? (file.split('/').at(-1) ?? '') : '';
      const target = join(inside(state, to), name);
      mkdirSync(dirname(target), { recursive: true });
      copyFileSync(join(build.tree, file), target);
      if (chmod !== undefined) chmodSync(target, Number.parseInt(chmod, 8));
    }
  }
}

/** A path of the stage, in its folder here. */
const inside = ({ root, workdir }: State, path: string): string => join(root, resolve(workdir, path));

function refuse(line: number, what: string): never {
  throw new Error(`Line ${line} of the Dockerfile is not understood: ${what}.`);
}
