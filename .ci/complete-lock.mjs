// Adds to package-lock.json the optional packages for other systems than this one. npm leaves them out when the registry
// that it resolved with does not carry them, and then `npm ci` refuses the lock file on every machine. Run it after each
// `npm install`; test/rules/lock-file.test.ts says when it was forgotten. Plain JavaScript, because it repairs the install.
import { readFileSync, writeFileSync } from 'node:fs';

const systems = { android: 'android', darwin: 'darwin', linux: 'linux', win32: 'win32', windows: 'win32' };
const more = ['freebsd', 'openharmony', 'netbsd', 'openbsd', 'sunos', 'aix'];
const oses = { ...systems, ...Object.fromEntries(more.map((name) => [name, name])) };
const cpus = ['arm64', 'x64', 'ia32', 'arm', 'ppc64', 's390x', 'riscv64', 'loong64', 'mips64el', 'wasm32'];

const path = process.argv[2] ?? 'package-lock.json';
const lock = JSON.parse(readFileSync(path, 'utf8'));
const missing = missingFrom(lock.packages);
for (const entry of missing) lock.packages[`node_modules/${entry.name}`] = toEntry(entry);
lock.packages = Object.fromEntries(Object.entries(lock.packages).sort(([a], [b]) => a.localeCompare(b, 'en')));
writeFileSync(path, `${JSON.stringify(lock, null, 2)}\n`);
console.log(`${missing.length} entries added`);

/** Optional dependencies that no entry stands for, with who wants them. */
function missingFrom(packages) {
  return Object.entries(packages).flatMap(([wanter, { optionalDependencies = {}, dev }]) =>
    Object.entries(optionalDependencies)
      .filter(([name]) => !isThere(packages, wanter, name))
      .map(([name, range]) => ({ name, dev, version: range.replace(/^[\^~]/, '') })),
  );
}

/** npm looks for a package in the folder of the one that wants it, then in each above. */
function isThere(packages, wanter, name) {
  for (let base = wanter; ; base = base.slice(0, Math.max(base.lastIndexOf('/node_modules/'), 0))) {
    if (packages[`${base === '' ? '' : `${base}/`}node_modules/${name}`]) return true;
    if (base === '') return false;
  }
}

function toEntry({ name, version, dev }) {
  const words = name.split('/').at(-1).split('-');
  const os = words.map((word) => oses[word]).find(Boolean);
  const cpu = words.find((word) => cpus.includes(word));
  const libc = words.some((word) => word.includes('musl'))
    ? 'musl'
    : os === 'linux' && words.includes('gnu') && 'glibc';
  return {
    version,
    ...(cpu && { cpu: [cpu] }),
    ...(dev && { dev: true }),
    ...(libc && { libc: [libc] }),
    optional: true,
    ...(os && { os: [os] }),
  };
}
