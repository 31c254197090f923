import { createHash, randomUUID } from 'node:crypto';
import { readByHand } from './licences.ts';
import { findFrom, type Installed, type LockEntry, neededBy } from './packages.ts';

/** Part of a CycloneDX document: https://cyclonedx.org/docs/1.6/json. */
type Component = {
  type: 'library';
  'bom-ref': string;
  group?: string;
  name: string;
  version: string;
  purl: string;
  licenses: ({ license: { id: string } } | { expression: string })[];
  hashes?: { alg: 'SHA-512'; content: string }[];
  properties: { name: string; value: string }[];
  /** What its own build has put into its files. */
  components?: Component[];
};

/** A bill of materials, as it is written. */
export type Sbom = {
  $schema: string;
  bomFormat: 'CycloneDX';
  specVersion: '1.6';
  serialNumber: string;
  version: 1;
  metadata: { timestamp: string; component: { type: 'application'; 'bom-ref': string; name: string; version: string } };
  components: Component[];
  dependencies: { ref: string; dependsOn: string[] }[];
};

/** The product that the packages are for. `at`: RFC 3339. */
type Product = { name: string; version: string; at: string };
type Lock = Readonly<Record<string, LockEntry>>;

/** Packages whose files hold others, which lie nowhere by themselves. */
const bundles = new Set(['node_modules/@scalar/api-reference']);

/**
 * The bill of materials of what lies in a folder, with what the lock file says that each package is: where it lies, version, licence, SHA-512 of
 * what the registry gave. A bundle has what the lock file says that it was built from. Throws when a package is there in another version than the lock file's,
 * or is not in it.
 */
export function createSbom(installed: readonly Installed[], lock: Lock, { name, version, at }: Product): Sbom {
  const places = new Set(installed.map(({ place }) => place));
  for (const { place, version: found } of installed)
    if (lock[place]?.version !== found)
      throw new Error(
        `${place} is there as ${found}, and package-lock.json says ${lock[place]?.version ?? 'nothing'} of it.`,
      );
  const product = `${name}@${version}`;
  const ours = Object.keys({ ...lock['']?.dependencies }).flatMap(
    (one) => findFrom('', one, (place) => places.has(place)) ?? [],
  );
  const components = installed.map(({ place }) => ({
    ...componentOf(place, entryAt(lock, place)),
    ...(bundles.has(place) && { components: bundledIn(place, lock) }),
  }));
  const dependencies = installed.map(({ place }) => ({
    ref: place,
    dependsOn: bundles.has(place) ? [] : neededBy(place, entryAt(lock, place), (one) => places.has(one)),
  }));
  return {
    $schema: 'http://cyclonedx.org/schema/bom-1.6.schema.json',
    bomFormat: 'CycloneDX',
    specVersion: '1.6',
    serialNumber: `urn:uuid:${randomUUID()}`,
    version: 1,
    metadata: { timestamp: at, component: { type: 'application', 'bom-ref': product, name, version } },
    components,
    dependencies: [
      { ref: product, dependsOn: [...new Set([...ours, ...bundles])].filter((place) => places.has(place)).toSorted() },
      ...dependencies,
    ],
  };
}

function componentOf(place: string, entry: LockEntry): Component {
  // An alias has another name in its place than in the registry; none is in the image, and a test would see it by its package.json.
  const name = place.slice(place.lastIndexOf('node_modules/') + 'node_modules/'.length);
  const [first = '', second] = name.split('/');
  const version = entry.version ?? '';
  const digest = entry.integrity?.startsWith('sha512-')
    ? Buffer.from(entry.integrity.slice('sha512-'.length), 'base64')
    : null;
  return {
    type: 'library',
    'bom-ref': place,
    ...(second !== undefined && { group: first }),
    name: second ?? first,
    version,
    purl: `pkg:npm/${name.replace('@', '%40')}@${version}`,
    licenses: licencesOf(entry.license ?? readByHand[`${name}@${version}`]),
    ...(digest && { hashes: [{ alg: 'SHA-512', content: digest.toString('hex') }] }),
    properties: [{ name: 'cdx:npm:package:path', value: place }],
  };
}

const licencesOf = (license: string | undefined): Component['licenses'] => {
  if (license === undefined) return [];
  return / (OR|AND|WITH) /.test(license) ? [{ expression: license }] : [{ license: { id: license } }];
};

/** All that a bundle was built from. Which of it stayed in the file is known to its build alone. */
function bundledIn(place: string, lock: Lock): Component[] {
  const found = new Set<string>();
  const add = (one: string): void => {
    for (const needed of neededBy(one, entryAt(lock, one), (other) => other in lock)) {
      if (found.has(needed)) continue;
      found.add(needed);
      add(needed);
    }
  };
  add(place);
  return [...found].toSorted().map((one) => {
    const component = componentOf(one, entryAt(lock, one));
    // The same package may lie in the image by itself as well.
    return { ...component, 'bom-ref': `${place}#${createHash('sha256').update(one).digest('hex').slice(0, 16)}` };
  });
}

function entryAt(lock: Lock, place: string): LockEntry {
  const entry = lock[place];
  if (!entry) throw new Error(`package-lock.json has no ${place}.`);
  return entry;
}
