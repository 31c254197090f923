import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import { S3Client } from '@aws-sdk/client-s3';
import type { S3Settings } from './settings.ts';

/** Amazon's own hosts have the bucket in the name; other servers have it in the path. */
const amazon = /\.amazonaws\.com(\.cn)?$/;

/** The client of one endpoint. It never tries again by itself: who calls the store knows whether there is time. */
export function createS3Client({ endpoint, region, login, bounds }: S3Settings): S3Client {
  const { connectMs, callMs, keepAliveMs, runningMax } = bounds;
  const agent = { keepAlive: true, maxSockets: runningMax, timeout: keepAliveMs };
  return new S3Client({
    endpoint,
    region,
    forcePathStyle: !amazon.test(new URL(endpoint).hostname),
    ...(login && { credentials: login }),
    maxAttempts: 1,
    followRegionRedirects: false,
    // We send the checksum that the caller recorded, and compare what we read with it.
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
    requestHandler: {
      connectionTimeout: connectMs,
      requestTimeout: callMs,
      throwOnRequestTimeout: true,
      httpAgent: new HttpAgent(agent),
      httpsAgent: new HttpsAgent(agent),
    },
  });
}
