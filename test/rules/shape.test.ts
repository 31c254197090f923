import { expect, test } from '@jest/globals';
import { classesOf, functionsOf } from '../support/syntax.ts';
import { files, productFolders, read, sources } from '../support/tree.ts';

/**
 * Small files, flat functions (STYLE.md, rules 1 to 3). A file may stand in `grown` with the length it has: it may
 * shrink, never grow, and the entry goes when it is below the limit. The table is meant to stay empty.
 */
const limits = { fileLines: 300, testLines: 450, functionLines: 60, parameters: 4 };
const grown: Record<string, number> = {};
const sqlColumns = 100;

/** A test is a table of cases, which is long by nature and easy to read; its functions are as short as any. */
const limitOf = (file: string) => grown[file] ?? (file.endsWith('.test.ts') ? limits.testLines : limits.fileLines);

/** Pages that are made from code, the changelog, which only grows, and the list of where the files of the first release went, are searched, not read. */
const measured = files(/\.(ts|mjs|sql|md)$/).filter(
  (file) =>
    !/^(docs\/generated\/|drizzle\/migrations\/meta\/|CHANGELOG\.md|docs\/(bounds|fields|verify)\.md|docs\/reviews\/where-it-went\.md)/.test(
      file,
    ),
);
const code = files(/\.ts$/);

test('no file is longer than 300 lines, no test than 450', () => {
  const long = measured.map((file) => [file, lines(file)] as const).filter(([file, n]) => n > limitOf(file));
  expect(long).toEqual([]);
});

test('the table of grown files holds only what is still too long', () => {
  for (const [file, length] of Object.entries(grown)) {
    expect([file, lines(file) > limits.fileLines, lines(file) <= length]).toEqual([file, true, true]);
  }
});

test('no line of SQL is longer than 100 columns', () => {
  expect(files(/\.sql$/).filter(hasWideLine)).toEqual([]);
});

test('the median file of the product is a short one', () => {
  const lengths = sources(productFolders)
    .map(lines)
    .sort((a, b) => a - b);
  expect(lengths[Math.floor(lengths.length / 2)]).toBeLessThanOrEqual(100);
});

test('no function is longer than 60 lines; a describe is a heading, not a function', () => {
  const long = code.flatMap((file) =>
    functionsOf(file)
      .filter((shape) => !shape.describes && shape.lines > limits.functionLines)
      .map((shape) => `${file}:${shape.line} ${shape.name} has ${shape.lines} lines`),
  );
  expect(long).toEqual([]);
});

test('no function takes more than four parameters: more is a named object', () => {
  const wide = sources([...productFolders, 'simulator', 'local', 'bench', 'docs']).flatMap((file) =>
    functionsOf(file)
      .filter((shape) => shape.parameters > limits.parameters)
      .map((shape) => `${file}:${shape.line} ${shape.name} takes ${shape.parameters}`),
  );
  expect(wide).toEqual([]);
});

test('a class is an error, or in infra/ a construct of CDK; everything else is functions and plain objects', () => {
  const others = sources().flatMap((file) =>
    classesOf(file)
      .filter(({ extends: parent }) => !/(Error|Fault|Bug)$/.test(parent))
      .filter(
        ({ extends: parent }) => !(file.startsWith('infra/') && /^(Construct|Stack|Stage|ecs\.Secret)$/.test(parent)),
      )
      .map(({ name }) => `${file}: ${name}`),
  );
  expect(others).toEqual([]);
});

function lines(file: string): number {
  return read(file).split('\n').length - 1;
}

function hasWideLine(file: string): boolean {
  return read(file)
    .split('\n')
    .some((line) => line.length > sqlColumns);
}
