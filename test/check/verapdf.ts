import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { cacheFolder, findOnPath } from '../../local/servers/find-program.ts';
import { makeOnce } from '../../local/servers/make-once.ts';

const run = promisify(execFile);
const version = '1.28.2';
const jar = join(cacheFolder(), `verapdf-${version}`, `greenfield-apps-${version}.jar`);
const installWithinMs = 240_000;
const judgeWithinMs = 240_000;

/** Fetches veraPDF from Maven Central into the cache folder, once. Returns null, or the reason why it cannot be had. */
export async function whyNoVeraPdf(): Promise<string | null> {
  if (!findOnPath('java')) return 'no java on PATH; on Debian, the package default-jre-headless';
  if (existsSync(jar)) return null;
  const maven = findOnPath('mvn');
  if (!maven) return 'no mvn on PATH, which fetches it from Maven Central; on Debian, the package maven';
  const artifact = `-Dartifact=org.verapdf.apps:greenfield-apps:${version}`;
  try {
    await makeOnce(dirname(jar), (draft) =>
      run(maven, ['-q', '-B', 'dependency:copy', artifact, `-DoutputDirectory=${draft}`], { timeout: installWithinMs }),
    );
    return null;
  } catch (error) {
    return `it could not be fetched from Maven Central (${String(error).split('\n')[0]})`;
  }
}

/**
 * What veraPDF says of files, all in one process: for each the profiles that it passes, of those that its own metadata claims (`3a`: PDF/A-3a,
 * `ua1`: PDF/UA-1).
 */
export async function profilesOf(files: readonly string[]): Promise<Map<string, string[]>> {
  const args = ['-cp', jar, 'org.verapdf.apps.GreenfieldCliWrapper', '--flavour', '0', '--format', 'text', ...files];
  // It ends with 1 when a file does not pass, and with 7 when it cannot read one.
  const { stdout } = await run('java', args, { timeout: judgeWithinMs, maxBuffer: 16_777_216 }).catch(
    (error: unknown) => {
      if (error instanceof Error && 'stdout' in error && [1, 7].includes(Number(Reflect.get(error, 'code'))))
        return { stdout: String(error.stdout) };
      throw error;
    },
  );
  const passed = [...stdout.matchAll(/^PASS (.+) (\w+)$/gm)].map(([, file = '', profile = '']) => ({ file, profile }));
  return new Map(files.map((file) => [file, passed.filter((one) => one.file === file).map(({ profile }) => profile)]));
}
