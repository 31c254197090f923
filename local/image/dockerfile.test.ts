import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { isSent, readIgnoreFile, sentFiles } from './context.ts';
import { readDockerfile } from './dockerfile.ts';
import { dockerfileFaults } from './dockerfile-rules.ts';
import { effectOf } from './run-command.ts';

const root = join(import.meta.dirname, '../..');
const textOf = (path: string): string => readFileSync(join(root, path), 'utf8');
const dockerfiles = ['Dockerfile', 'infra/temporal/image/Dockerfile'];
const ours = textOf('Dockerfile');
const faultsOf = (text: string): string[] => dockerfileFaults(readDockerfile(text));
/** Our Dockerfile with one change, which must find its place. */
function changed(from: string, to: string): string {
  expect(ours).toContain(from);
  return ours.replaceAll(from, () => to);
}

test.each(dockerfiles)('%s keeps the rules', (path) => {
  expect(faultsOf(textOf(path))).toEqual([]);
});

test.each([
  ['the user is left out', 'USER node\n', '', 'would be root'],
  ['the user is root by number', 'USER node', 'USER 0:0', 'would be root'],
  ['the newest base', 'NODE_IMAGE=node:24-bookworm-slim', 'NODE_IMAGE=node:latest', 'whatever is newest'],
  [
    'a base without a tag',
    'NODE_IMAGE=node:24-bookworm-slim',
    'NODE_IMAGE=registry.example:5000/node',
    'whatever is newest',
  ],
  ['a command by a shell', 'CMD ["node", "api/main.ts"]', 'CMD node api/main.ts', 'a shell'],
  ['a file of the network as it comes', /ADD --checksum=\S+ /.exec(ours)?.[0] ?? '', 'ADD ', 'without --checksum'],
  ['a file of the tree by ADD', 'COPY api api', 'ADD api api', 'for COPY'],
  ['a secret among the settings', 'ENV NODE_ENV=production', 'ENV DATABASE_PASSWORD=production', 'a secret'],
  ['a secret that the build is given', 'ARG RDS_CA_SHA256', 'ARG NPM_TOKEN', 'a secret'],
  ['settings of a machine', 'COPY api api', 'COPY .env api', 'one machine'],
  ['the whole tree', 'COPY api api', 'COPY . .', 'name each folder'],
  ['packages past the lock file', 'npm ci --omit=dev', 'npm install --omit=dev', 'only `npm ci`'],
  [
    'a download that nobody compares',
    'RUN node worker/bundle.ts',
    'RUN curl -O https://example.com/x',
    'nobody compares',
  ],
  ['packages of the distribution', 'RUN node worker/bundle.ts', 'RUN apt-get install -y curl', 'distribution'],
])('a Dockerfile with %s is refused', (_, from, to, says) => {
  expect(faultsOf(changed(from, to)).join('\n')).toContain(says);
});

test('who builds for AWS names the base by its digest', () => {
  const digest = `node@sha256:${'a'.repeat(64)}`;
  const [packages] = readDockerfile(ours, { NODE_IMAGE: digest });
  expect(packages?.base).toBe(digest);
  const amazon = readDockerfile(ours, { NODE_IMAGE: digest }).find(({ name }) => name === 'amazon');
  expect(amazon?.instructions.map(({ keyword, rest }) => `${keyword} ${rest}`)).toContain(`ARG NODE_IMAGE=${digest}`);
});

test.each([
  ['a heredoc', 'FROM node:24\nRUN <<END\necho\nEND', 'a heredoc'],
  ['another escape character', '# escape=`\nFROM node:24', 'directive'],
  ['an unknown instruction', 'FROM node:24\nONBUILD RUN true', 'ONBUILD'],
  ['a line without an end', 'FROM node:24\nRUN true \\', 'no end'],
  ['a line before the first FROM', 'RUN true\nFROM node:24', 'before the first FROM'],
  ['a platform', 'FROM --platform=linux/arm64 node:24 as lower', 'FROM is'],
])('%s is thrown with its line, not passed over', (_, text, says) => {
  expect(() => readDockerfile(text)).toThrow(says);
});

test.each([
  [
    'mkdir -p /run/tokens && chown node:node /run/tokens',
    { kind: 'folders', folders: ['/run/tokens'], owned: '/run/tokens' },
  ],
  ['rm -rf /usr/local/bin/npm /opt/yarn-*', { kind: 'removed from the base' }],
  ['node worker/bundle.ts && rm -rf ~/.cache', { kind: 'command', text: 'node worker/bundle.ts && rm -rf ~/.cache' }],
  ['rm -rf /usr/local/bin/npm && touch /etc/x', null],
  ['cp ../secrets .', null],
  ['echo x >/etc/passwd', null],
])('%s: what it does is known, or it is not run here', (text, effect) => {
  expect(effectOf(text)).toEqual(effect);
});

test.each([
  ['api/main.ts', true],
  ['api/accounts/get.ts', true],
  ['api/main.test.ts', false],
  ['api/.hidden.test.ts', false],
  ['.env', false],
  ['.git/config', false],
  ['test/check.ts', false],
  ['local/start.ts', false],
])('of the tree, %s is sent to the build: %s', (path, expected) => {
  expect(isSent(path, readIgnoreFile(textOf('.dockerignore')))).toBe(expected);
});

test('the last rule that matches decides, of the file or of a folder above it', () => {
  const rules = readIgnoreFile('# a comment\n**\n!a\na/b\n!a/b/*.md\n');
  const paths = ['a/x', 'a/b/x', 'a/b/x.md', 'a/b/c/x.md', 'x'];
  expect(paths.filter((path) => isSent(path, rules))).toEqual(['a/x', 'a/b/x.md']);
  expect(() => readIgnoreFile('/a')).toThrow('not understood');
  expect(() => readIgnoreFile('a/../b')).toThrow('not understood');
});

test('no test, no secret and no tool is sent', () => {
  const sent = sentFiles(root, readIgnoreFile(textOf('.dockerignore')));
  expect(
    sent.filter((path) => /\.test\.ts$|(^|\/)\.|\.pem$|^(test|docs|local|infra|bench|node_modules)\//.test(path)),
  ).toEqual([]);
  expect(sent.length).toBeGreaterThan(500);
});
