import { createServer, type Server } from 'node:net';
import { afterEach, expect, test } from '@jest/globals';
import { checkPortsFree, freePort } from './ports.ts';

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

test('names the port, its program and the setting that changes it', async () => {
  const port = await busyPort();
  const sentence = `Port ${port} for the API is taken by another program: stop that, or set API_PORT to a free port.`;
  await expect(checkPortsFree([{ name: 'the API', setting: 'API_PORT', port }])).rejects.toThrow(sentence);
});

test('names both settings when a port is set twice', async () => {
  const port = await freePort();
  const twice = [
    { name: 'the API', setting: 'API_PORT', port },
    { name: 'Postgres', setting: 'POSTGRES_PORT', port },
  ];
  await expect(checkPortsFree(twice)).rejects.toThrow(`Port ${port} is given to both API_PORT and POSTGRES_PORT`);
});

test('accepts free ports', async () => {
  await checkPortsFree([{ name: 'the API', setting: 'API_PORT', port: await freePort() }]);
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
