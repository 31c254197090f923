/**
 * Makes node_modules agree with package-lock.json before anything else runs (`npm start`, `npm test`). Plain JavaScript
 * that runs under any Node from 18 on: the Node 24 that runs the rest is itself installed here, as the package `node`.
 * The comparison is with the hidden lock file that npm writes as its last act, so a cut-off install counts as none.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const nodeMajorNeeded = 18;

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const ownNode = join(root, 'node_modules', '.bin', 'node');

if (Number(process.versions.node.split('.')[0]) < nodeMajorNeeded) {
  stop(`Node ${process.versions.node} is too old to begin with: install Node 20 or newer, then try again.`);
}
if (!agrees()) install();
if (!runs()) {
  stop(
    'The packages are installed but node_modules/.bin/node does not run. Does npm ignore install scripts here? Try: npm ci --ignore-scripts=false',
  );
}

/** Runs `npm ci`, development packages included whatever NODE_ENV says: the launcher and the tests need them. */
function install() {
  process.stdout.write('Packages   … installing what package-lock.json names (the first time about a minute)\n');
  const npm = process.env.npm_execpath;
  const args = ['ci', '--include=dev', '--no-audit', '--no-fund', '--loglevel=error'];
  const [command, full] = npm?.endsWith('.js') ? [process.execPath, [npm, ...args]] : ['npm', args];
  const { status, error } = spawnSync(command, full, { cwd: root, stdio: ['ignore', 'inherit', 'inherit'] });
  if (error) stop(`npm could not be run (${error.message}): install Node 20 or newer with npm, then try again.`);
  if (status !== 0) stop('npm ci failed; see its output above. Fix that (network, disk, proxy), then try again.');
}

/** Whether every package that the lock file asks for is installed in that version, and nothing is installed otherwise. */
function agrees() {
  const wanted = packagesOf(join(root, 'package-lock.json'));
  const installed = packagesOf(join(root, 'node_modules', '.package-lock.json'));
  if (!wanted) stop('package-lock.json is missing or damaged: restore it from git, then try again.');
  if (!installed) return false;
  const same = (path) =>
    wanted[path]?.version === installed[path]?.version && wanted[path]?.integrity === installed[path]?.integrity;
  const missing = Object.keys(wanted).some(
    (path) => path !== '' && !wanted[path].optional && !wanted[path].link && !installed[path],
  );
  return !missing && Object.keys(installed).every((path) => installed[path].link || same(path));
}

function packagesOf(path) {
  if (!existsSync(path)) return null;
  try {
    return JSON.parse(readFileSync(path, 'utf8')).packages ?? null;
  } catch {
    return null; // A truncated file counts as absent.
  }
}

function runs() {
  return spawnSync(ownNode, ['--version'], { encoding: 'utf8' }).stdout?.startsWith('v24.') ?? false;
}

function stop(sentence) {
  process.stderr.write(`\n${sentence}\n`);
  process.exit(1);
}
