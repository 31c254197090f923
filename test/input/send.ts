import { Agent, request } from 'node:http';
import { text } from 'node:stream/consumers';

/** One request, as bytes. Headers with a list are sent once for each member, those with null not at all. */
export type RawRequest = {
  method: string;
  path: string;
  headers: Record<string, string | string[] | null>;
  body?: string | Buffer;
};

/** What came back: the status and the problem. */
export type Answered = { status: number; problem: { code?: string; errors?: { pointer: string }[] } };

/** A client that repairs nothing of what it is given. */
export function createRawClient(port: number) {
  const agent = new Agent({ keepAlive: true, maxSockets: 16 });
  return {
    end: () => agent.destroy(),
    send: ({ method, path, headers, body = '' }: RawRequest): Promise<Answered> =>
      new Promise((resolve, reject) => {
        const sent = request({ port, host: '127.0.0.1', agent, method, path }, async (answer) => {
          const content = await text(answer);
          const isProblem = answer.headers['content-type']?.startsWith('application/problem+json') ?? false;
          resolve({ status: answer.statusCode ?? 0, problem: isProblem ? JSON.parse(content) : {} });
        });
        sent.on('error', reject);
        for (const [name, value] of Object.entries(headers)) if (value !== null) sent.setHeader(name, value);
        if (body.length > 0) sent.setHeader('content-length', Buffer.byteLength(body));
        sent.end(body);
      }),
  };
}
