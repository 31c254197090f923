import { execa } from 'execa';

/** Git in a checkout: what a release asks of it, and the two things that it makes. */
export type Git = {
  branch(): Promise<string>;
  /** Files that differ from the last commit, or that git does not know, as `git status` says it. */
  changes(): Promise<string[]>;
  /** Who commits, as `Name <address>`. Null where git does not know. */
  owner(): Promise<string | null>;
  /** Versions that have a tag `v…`. */
  tags(): Promise<string[]>;
  /** Where the branch is published, as an address for a browser. Null where there is none. */
  page(): Promise<string | null>;
  commit(files: readonly string[], message: string): Promise<void>;
  tag(version: string, message: string): Promise<void>;
  /** Takes back every change since the last commit. Only for a tree that was clean before. */
  restore(): Promise<void>;
};

const withinMs = 60_000;

/** Git in that folder. Each verb throws what git says when it fails. */
export function gitIn(cwd: string): Git {
  const git = async (...args: string[]): Promise<string> =>
    (await execa('git', args, { cwd, timeout: withinMs })).stdout.trim();
  const found = async (...args: string[]): Promise<string> => {
    // 1: there is none.
    const { stdout, exitCode, message } = await execa('git', args, { cwd, timeout: withinMs, reject: false });
    if (exitCode !== 0 && exitCode !== 1 && exitCode !== 2) throw new Error(message);
    return exitCode === 0 ? stdout.trim() : '';
  };
  const lines = (text: string): string[] => (text === '' ? [] : text.split('\n'));
  return {
    branch: () => git('rev-parse', '--abbrev-ref', 'HEAD'),
    changes: async () => lines(await git('status', '--porcelain')),
    owner: async () => {
      const [name, address] = [await found('config', 'user.name'), await found('config', 'user.email')];
      return name && address ? `${name} <${address}>` : null;
    },
    tags: async () => lines(await git('tag', '--list', 'v*')).map((tag) => tag.slice(1)),
    page: async () => pageOf(await found('remote', 'get-url', 'origin')),
    commit: async (files, message) => {
      await git('add', '--', ...files);
      await git('commit', '--quiet', '--message', message);
    },
    // As it stands: lines of the changelog that begin with # are no comments.
    tag: async (version, message) =>
      void (await git('tag', '--annotate', '--cleanup=verbatim', `v${version}`, '--message', message)),
    restore: async () => {
      await git('checkout', '--quiet', '--', '.');
      await git('clean', '--quiet', '--force', '-d');
    },
  };
}

/** `git@host:owner/name.git` and `https://host/owner/name.git` as a page; another form has none. */
export function pageOf(remote: string): string | null {
  const [, host, path] =
    /^(?:https:\/\/(?:[^/@]+@)?|git@|ssh:\/\/git@)([\w.-]+)[:/](.+?)(?:\.git)?\/?$/.exec(remote) ?? [];
  return host === undefined ? null : `https://${host}/${path}`;
}
