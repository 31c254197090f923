import { expect, test } from '@jest/globals';
import { readEnv } from './env.ts';
import { ownPorts } from './own-ports.ts';

test('the ports of the programs and of every server they use, named or usual', () => {
  const env = readEnv({
    DATABASE_URL: 'postgres://me:hush@db/quittance',
    REDIS_URL: 'redis://cache:7001',
    TEMPORAL_ADDRESS: 'temporal:7233',
    TEMPORAL_UI_URL: 'http://127.0.0.1:8233',
    RAIL_INSTANT_URL: 'http://127.0.0.1:23008/instant',
    STORAGE_URL: 'http://id:hush@127.0.0.1:7070',
    ARCHIVE_COPY_URL: 'http://id:hush@127.0.0.2:7071',
    API_PORT: '3001',
    API_METRICS_PORT: '3002',
    WORKER_METRICS_PORT: '3003',
    SCALER_PORT: '3004',
    CODEC_SERVER_PORT: '3005',
    CODEC_SERVER_METRICS_PORT: '3006',
  });
  expect(ownPorts(env).sort()).toEqual(
    [23_008, 3_001, 3_002, 3_003, 3_004, 3_005, 3_006, 5_432, 7_001, 7_070, 7_071, 7_233, 8_233].sort(),
  );
});
