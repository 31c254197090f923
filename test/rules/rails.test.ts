import { expect, test } from '@jest/globals';
import { hashOfTerms, type SealedTerms } from '../../docs/generate/rail-terms.ts';
import { networks } from '../../rails/index.ts';
import { exists, files, plant, productFolders, read } from '../support/tree.ts';

/** A rail is a folder and a row of `rails/index.ts`. Nobody else knows its name, and every folder has the same files. */
const perKind = { message: 'rail.ts', file: 'file.ts' } as const;
const folders = [...new Set(files(/^rails\/[^/]+\//).map((file) => file.split('/')[1] ?? ''))];

test('every folder is a row of the registry', () => {
  expect(networks.map(({ name }) => name).sort()).toEqual(folders.sort());
});

test.each(networks.map(({ name, kind }) => [name, kind] as const))('%s has the files of its kind', (name, kind) => {
  const wanted = ['index.ts', perKind[kind], 'codec.ts', 'codes.ts', 'terms.ts'];
  expect(wanted.filter((file) => !exists(`rails/${name}/${file}`))).toEqual([]);
  expect(files(new RegExp(`^rails/${name}/fixtures/`)).length).toBeGreaterThan(0);
});

const sealed: SealedTerms = JSON.parse(read('test/rules/rail-terms.sha256.json'));

/** What is wrong with the terms of a rail, and what to do about it; null where they are those of their version. */
function wrongWith({ name, terms, termsVersion }: (typeof networks)[number]): string | null {
  const versions = sealed[name] ?? {};
  const newest = Math.max(0, ...Object.keys(versions).map(Number));
  if (versions[termsVersion] === hashOfTerms(terms) && termsVersion === newest) return null;
  if (termsVersion > newest) return `the terms of ${name} have a new version: run \`npm run generate\``;
  return `the terms of ${name} changed: make termsVersion in rails/${name}/index.ts ${newest + 1}, then run \`npm run generate\``;
}

// A worker overwrites the terms in the database by those of its own version or a newer one: two builds with other terms and
// one version would overwrite each other's.
test.each(networks.map((network) => [network.name, network] as const))(
  'the terms of %s are those of their version',
  (_, network) => {
    expect(wrongWith(network)).toBeNull();
  },
);

test('a term that is edited without a new version is found, and so is a version that goes back', () => {
  for (const network of networks) {
    const edited = { ...network, terms: { ...network.terms, retryMs: network.terms.retryMs + 1 } };
    const next = network.termsVersion + 1;
    expect(wrongWith(edited)).toContain(`make termsVersion in rails/${network.name}/index.ts ${next}`);
    expect(wrongWith({ ...edited, termsVersion: next })).toContain('run `npm run generate`');
    expect(wrongWith({ ...network, termsVersion: 0 })).toContain(`make termsVersion`);
  }
});

const inProduct = files(/\.(ts|sql)$/).filter(
  (file) => productFolders.includes(file.split('/')[0] ?? '') && !file.endsWith('.test.ts'),
);

test.each(networks.map(({ name }) => name))('the name %s stands in its folder and in the registry alone', (name) => {
  expect(inProduct.filter((file) => !isOwn(file, name) && names(file, name))).toEqual([]);
});

test.each([
  ['worker/planted-a.ts', "const queue = 'instant';"],
  ['worker/planted-b.ts', 'const role = `rail:instant`;'],
  ['api/planted.ts', "const queue = 'rail-instant';"],
  ['ledger/planted.sql', "select 'clearing:instant:out';"],
  ['config/planted.ts', 'const url = env.RAIL_INSTANT_URL;'],
])('a name planted in %s is found', (file, text) => {
  expect(names(plant(file, text), 'instant')).toBe(true);
});

const isOwn = (file: string, name: string): boolean => file.startsWith(`rails/${name}/`) || file === 'rails/index.ts';

/** In a string, or in the name of a setting. The word in a sentence or of an identifier is another matter. */
const names = (file: string, name: string): boolean =>
  new RegExp(`['"\`:-]${name}['"\`:]|RAIL_${name.toUpperCase()}_`).test(read(file));
