import { createServer, type Server } from 'node:net';
import { afterEach, expect, test } from '@jest/globals';
import { checkPortsFree, freePort } from './ports.ts';

const host = '127.0.0.1';
const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

test('names the port and the setting that changes it', async () => {
  const port = await busyPort();
  const sentence = `Port ${port} is taken by another program: stop that, or set API_PORT to a free port.`;
  await expect(checkPortsFree([{ setting: 'API_PORT', port, host }])).rejects.toThrow(sentence);
});

test('names both settings when a port is set twice', async () => {
  const port = await freePort();
  const twice = [
    { setting: 'API_PORT', port, host },
    { setting: 'POSTGRES_PORT', port, host },
  ];
  await expect(checkPortsFree(twice)).rejects.toThrow(`Port ${port} is given to both API_PORT and POSTGRES_PORT`);
});

test('accepts free ports', async () => {
  await checkPortsFree([{ setting: 'API_PORT', port: await freePort(), host }]);
});

function busyPort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer();
    servers.push(server);
    server.listen(0, '0.0.0.0', () => {
      const address = server.address();
      resolve(address !== null && typeof address === 'object' ? address.port : 0);
    });
  });
}
