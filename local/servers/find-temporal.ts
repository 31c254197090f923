import { chmodSync, existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { DecompressionStream } from 'node:stream/web';
import { execa, execaSync } from 'execa';
import pTimeout from 'p-timeout';
import { EnvHttpProxyAgent, fetch } from 'undici';
import { foreign } from '../../config/environment.ts';
import type { Print } from '../start-fault.ts';
import { buildTemporal, recipe } from './build-temporal.ts';
import { cacheFolder, findOnPath } from './find-program.ts';
import { makeOnce } from './make-once.ts';

/** A `temporal` program; `origin` is for people. */
export type TemporalBinary = { path: string; origin: string };

/** Where it is looked for and kept; tests have their own. */
export type TemporalPlaces = { cache: string; releases: string };

const helpWithinMs = 15_000;
const answerWithinMs = 10_000;
const downloadWithinMs = 10 * 60_000;
const official = 'https://github.com/temporalio/cli/releases/download';

/**
 * A `temporal` that can run a dev server: on PATH, else the one in the cache folder, which is downloaded from the releases
 * of its makers, or, where that is not possible (no network, or one that forbids it), built by Go. Throws one sentence that
 * lists the ways when none of them works here.
 */
export async function findTemporal(
  print: Print,
  { cache, releases }: TemporalPlaces = { cache: cacheFolder(), releases: official },
): Promise<TemporalBinary> {
  const installed = findOnPath('temporal');
  if (installed && hasDevServer(installed)) return { path: installed, origin: 'on PATH' };
  const version = pinnedVersion();
  const path = join(cache, `temporal-${version}-${process.platform}-${process.arch}`, 'temporal');
  const make = async (draft: string) => {
    print(`downloading ${version} (once per machine)`);
    if (!(await download(draft, `${releases}/v${version}/${archiveOf(version)}`)))
      await buildTemporal({ draft, version, print });
  };
  if (!existsSync(path)) await makeOnce(path, make, () => print('another start is fetching it; waiting for that'));
  return { path, origin: version };
}

/** The version that local/servers/temporal-build/go.mod pins. */
function pinnedVersion(): string {
  const version = /temporalio\/cli v(\S+)/.exec(readFileSync(join(recipe, 'go.mod'), 'utf8'))?.[1];
  if (!version) throw new Error('local/servers/temporal-build/go.mod names no version of github.com/temporalio/cli');
  return version;
}

const archiveOf = (version: string): string =>
  `temporal_cli_${version}_${process.platform}_${process.arch === 'x64' ? 'amd64' : process.arch}.tar.gz`;

/** What is fetched may have to come through a proxy. */
function proxies(): EnvHttpProxyAgent.Options {
  const named = (name: string) => foreign[name] ?? foreign[name.toUpperCase()];
  const [http, https, no] = [named('http_proxy'), named('https_proxy'), named('no_proxy')];
  return { ...(http && { httpProxy: http }), ...(https && { httpsProxy: https }), ...(no && { noProxy: no }) };
}

/** Whether there is now a program at `draft`. A network that forbids the download often says nothing at all. */
async function download(draft: string, url: string): Promise<boolean> {
  const dispatcher = new EnvHttpProxyAgent(proxies());
  try {
    const request = fetch(url, { dispatcher, signal: AbortSignal.timeout(downloadWithinMs) });
    const { ok, body } = await pTimeout(request, { milliseconds: answerWithinMs });
    if (!ok || !body) return false;
    const archive = Readable.fromWeb(body.pipeThrough(new DecompressionStream('gzip')));
    await execa('tar', ['-xOf', '-', 'temporal'], { input: archive, stdout: { file: draft } });
    chmodSync(draft, 0o755);
    return hasDevServer(draft);
  } catch {
    return false; // It is built instead, or the sentence of that names the ways that are left.
  } finally {
    await dispatcher.destroy();
  }
}

function hasDevServer(path: string): boolean {
  const help = ['server', 'start-dev', '--help'];
  return !execaSync(path, help, { timeout: helpWithinMs, reject: false }).failed;
}
