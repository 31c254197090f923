import {
  chmodSync,
  chownSync,
  constants,
  copyFileSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { parse } from 'yaml';
import { z } from 'zod';
import { assemble } from '../../../local/image/assemble.ts';
import { filesIn, type ImageFile } from '../../../local/image/files.ts';
import { root as tree } from '../tree.ts';
import { inTime, until } from './in-time.ts';

const serviceForm = z.looseObject({
  image: z.string().optional(),
  command: z.array(z.string()).default([]),
  entrypoint: z.array(z.string()).default([]),
  environment: z.record(z.string(), z.string()).default({}),
  healthcheck: z.looseObject({ test: z.array(z.string()) }).optional(),
  restart: z.string().optional(),
});
const composeForm = z.looseObject({ services: z.record(z.string(), serviceForm) });
type Service = z.infer<typeof serviceForm>;

/** What docker-compose.yml says of each service that runs our image, by name. */
export function imageServices(): Record<string, Service> {
  const text = readFileSync(join(tree, 'docker-compose.yml'), 'utf8');
  const { services } = composeForm.parse(parse(text, { merge: true }));
  return Object.fromEntries(Object.entries(services).filter(([, { image }]) => image === 'quittance'));
}

/** What stands in the place of the names of containers, their ports and their folders: texts of the file, and what they are here. */
export type Replacements = readonly (readonly [text: string, here: string])[];

/** A process of the image: how it ended, and what it printed. */
export type Ended = { exitCode: number | undefined; output: string };
/** A process that goes on. `stop`: SIGTERM, and waits. */
export type Running = { stop: () => Promise<Ended> };

/** The image as a folder that nobody can write to, and whose programs see nothing outside of it. */
export type Image = {
  app: string;
  root: string;
  files: () => ImageFile[];
  /** Runs a service of docker-compose.yml to its end. `args`: instead of its command, after its entry point. */
  run: (service: string, args?: readonly string[]) => Promise<Ended>;
  /** Starts one that goes on, and waits until its health check passes. Throws with its output when it ends before. */
  start: (service: string) => Promise<Running>;
  /** Starts a program that docker-compose.yml does not have, with these settings, and waits until this address answers 200. */
  startOther: (program: string, env: Readonly<Record<string, string>>, ready: string) => Promise<Running>;
  /** Any line of Node in the image's folder, with nothing but PATH and HOME in its environment. */
  node: (...args: string[]) => Promise<Ended>;
  remove: () => void;
};

/** The user of the image, `node`; without the rights of root nobody can become another, and what is read-only is so by its mode alone. */
const uid = process.getuid?.() === 0 ? 1000 : undefined;
const runMs = inTime(120_000);
const outputBytesMax = 8 * 1024 * 1024;

/** Assembles it, read-only. `replacements` are read when a program starts, so ports may be added until then. */
export function createImage(replacements: () => Replacements): Image {
  const folder = mkdtempSync(join(tmpdir(), 'quittance-image-'));
  const image = assemble({ tree, folder });
  const app = join(image.root, image.workdir);
  const node = withNode(image.root);
  for (const path of [folder, image.root]) chmodSync(path, 0o755);
  for (const path of image.writable) give(join(image.root, path));
  readOnly(app);
  const replaced = (text: string): string =>
    replacedOnce(text, [...replacements(), ['/var/lib/quittance', join(image.root, 'var/lib/quittance')]]);
  const bare = { PATH: join(node, '..'), HOME: '/home/node' };
  const environmentOf = (service: Service) => ({
    ...{ ...bare, ...image.env },
    ...Object.fromEntries(Object.entries(service.environment).map(([name, value]) => [name, replaced(value)])),
  });
  const { run, start } = createLauncher({ app, node, bare });
  return {
    ...{ app, root: image.root },
    files: () => filesIn(app),
    run: (name, args) => {
      const service = serviceOf(name);
      const words = args === undefined ? argsOf(service) : [...service.entrypoint.slice(1), ...args];
      return run(words.map(replaced), environmentOf(service));
    },
    start: (name) => {
      const service = serviceOf(name);
      // After CMD and `node`.
      const check = (service.healthcheck?.test ?? []).slice(2).map(replaced);
      return start(argsOf(service).map(replaced), environmentOf(service), check);
    },
    startOther: (program, env, ready) =>
      start([program], { ...bare, ...image.env, ...env }, [
        '-e',
        `fetch('${ready}').then((a) => process.exit(a.ok ? 0 : 1), () => process.exit(1))`,
      ]),
    node: (...args) => run(args, bare),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** What starts processes with this Node in the folder of the image. `bare`: what every process of it has. */
function createLauncher({ app, node, bare }: { app: string; node: string; bare: Record<string, string> }) {
  const launch = (args: readonly string[], env: Record<string, string>, cancelSignal?: AbortSignal) =>
    execa(node, args, {
      ...{ cwd: app, env, extendEnv: false, reject: false, all: true, stdin: 'ignore', maxBuffer: outputBytesMax },
      ...(uid !== undefined && { uid, gid: uid }),
      ...(cancelSignal && { cancelSignal }),
    });
  const ended = async (process: ReturnType<typeof launch>): Promise<Ended> => {
    const { exitCode, all } = await process;
    return { exitCode, output: all };
  };
  const limit = () => AbortSignal.timeout(runMs);
  const start = async (
    args: readonly string[],
    env: Record<string, string>,
    check: readonly string[],
  ): Promise<Running> => {
    const process = launch(args, env);
    const end = ended(process);
    let isOver = false;
    void end.then(() => (isOver = true));
    await until(async () => {
      if (isOver) throw new Error(`${args.join(' ')} ended: ${(await end).output.slice(-4_000)}`);
      return (await ended(launch(check, bare, limit()))).exitCode === 0;
    }, 90_000);
    const stop = (): Promise<Ended> => {
      process.kill('SIGTERM');
      return end;
    };
    return { stop };
  };
  return { start, run: (args: readonly string[], env: Record<string, string>) => ended(launch(args, env, limit())) };
}

/** In one pass: what stands in the place of one text is no place for another. */
function replacedOnce(text: string, replacements: Replacements): string {
  const here = new Map(replacements);
  const texts = [...here.keys()].map((one) => one.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`));
  return text.replaceAll(new RegExp(texts.join('|'), 'g'), (found) => here.get(found) ?? found);
}

function serviceOf(name: string): Service {
  const service = imageServices()[name];
  if (!service) throw new Error(`docker-compose.yml has no ${name} of our image`);
  return service;
}

/** What follows `node`, which is the first word of every command. */
const argsOf = ({ entrypoint, command }: Service): string[] => [...entrypoint, ...command].slice(1);

/** The base image has Node; here it is a copy of this one, so that nothing else is in its folder. */
function withNode(root: string): string {
  const folder = join(root, 'usr/local/bin');
  mkdirSync(folder, { recursive: true });
  copyFileSync(process.execPath, join(folder, 'node'), constants.COPYFILE_FICLONE);
  return join(folder, 'node');
}

function give(path: string): void {
  if (!existsSync(path)) throw new Error(`${path} is not in the image`);
  if (uid === undefined) return;
  chownSync(path, uid, uid);
  for (const entry of readdirSync(path, { recursive: true, withFileTypes: true }))
    chownSync(join(entry.parentPath, entry.name), uid, uid);
}

function readOnly(path: string): void {
  const stat = lstatSync(path);
  if (stat.isSymbolicLink()) return;
  if (stat.isDirectory()) for (const name of readdirSync(path)) readOnly(join(path, name));
  chmodSync(path, (stat.mode | 0o444) & ~0o222);
}
