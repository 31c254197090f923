import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { CreateBucketCommand } from '@aws-sdk/client-s3';
import { expect, jest, test } from '@jest/globals';
import { contract } from '../storage/contract.ts';
import { inTime } from '../test/support/harness/in-time.ts';
import { rawClient } from '../test/support/harness/storage.ts';

/** The command as the image runs it. */
jest.setTimeout(inTime(120_000));
const s3 = process.env['TEST_STORAGE_URL'];
const withS3 = s3 === undefined ? test.skip : test;

function check(settings: Record<string, string>): Promise<{ code: number; out: string; err: string }> {
  const { PATH = '' } = process.env;
  const env = { PATH, DATABASE_URL: 'postgres://u:hush@127.0.0.1:1/d', ...settings };
  return new Promise((resolve) => {
    execFile(process.execPath, [join(import.meta.dirname, 'main.ts'), 'storage', 'check'], { env }, (error, out, err) =>
      resolve({ code: error === null ? 0 : Number(error.code), out, err }),
    );
  });
}

withS3('says of each promise that an S3 keeps it, and until when things will be kept', async () => {
  const { code, out } = await check({ STORAGE_URL: s3 ?? '', STORAGE_RETENTION_YEARS: '10' });
  const until = `${new Date().getUTCFullYear() + 10}`;
  expect(out.match(/^ok {6}/gm)).toHaveLength(contract.length);
  expect(out).toMatch(new RegExp(`The store keeps its promises\\. .* until ${until}-.*, in compliance mode\\.\n$`));
  expect(code).toBe(0);
});

test('asks a folder for the same', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'quittance-objects-'));
  const { code, out } = await check({ STORAGE_URL: pathToFileURL(folder).href, STORAGE_RETENTION_MODE: 'governance' });
  rmSync(folder, { recursive: true });
  expect([code, out]).toEqual([0, expect.stringContaining('in governance mode.')]);
});

withS3('a store that does not lock is an error, and so is one that is not there, or none', async () => {
  await rawClient(s3 ?? '').send(new CreateBucketCommand({ Bucket: 'loose-statements' }));
  expect(await check({ STORAGE_URL: s3 ?? '', STORAGE_BUCKET_PREFIX: 'loose' })).toMatchObject({
    code: 1,
    err: expect.stringMatching(/does not lock objects as it should/),
  });
  expect(await check({ STORAGE_URL: 'http://id:hush@127.0.0.1:1' })).toMatchObject({
    code: 1,
    err: expect.stringMatching(/^Nothing answers at 127\.0\.0\.1:1: /),
  });
  expect(await check({})).toMatchObject({ code: 1, err: 'There is no object store: set STORAGE_URL.\n' });
});
