import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

/** A call that came: `DescribeTasks` of which service, with what. */
export type AwsCall = { api: string; operation: string; input: Record<string, unknown> };

/** An answer: what the operation returns, XML for the services that speak it, or a refusal by its code. */
export type AwsAnswer = { json: object } | { xml: string } | { refusal: string; status?: number };

/** A server that speaks the protocols by which the `aws` command calls Amazon: JSON, queries with XML, and CBOR. It stands for Amazon. */
export type FakeAws = {
  calls: AwsCall[];
  /** What a program needs in its environment to call it. */
  env: Record<string, string>;
  close(): void;
};

/** Starts one that answers calls in the order in which they come. Throwing is a broken server. */
export async function startFakeAws(answerTo: (call: AwsCall, nth: number) => AwsAnswer): Promise<FakeAws> {
  const calls: AwsCall[] = [];
  const server = createServer((request, response) => {
    void text(request).then((body) => {
      const call = callOf(request, body);
      const nth = calls.filter(({ operation }) => operation === call.operation).length;
      calls.push(call);
      const { status, type, bytes } = written(call, answerTo(call, nth), request);
      response.writeHead(status, {
        'content-type': type,
        ...(isCbor(request) && { 'smithy-protocol': 'rpc-v2-cbor' }),
      });
      response.end(bytes);
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo; // A server that listens on TCP has one.
  return {
    calls,
    env: {
      AWS_ENDPOINT_URL: `http://127.0.0.1:${port}`,
      AWS_REGION: 'eu-central-1',
      AWS_DEFAULT_REGION: 'eu-central-1',
      AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE',
      AWS_SECRET_ACCESS_KEY: 'a-secret',
      // Else a command that was throttled waits up to 20 seconds before it tries again.
      AWS_MAX_ATTEMPTS: '3',
    },
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}

const isCbor = ({ headers }: IncomingMessage): boolean => headers['smithy-protocol'] === 'rpc-v2-cbor';

/** The service by the signature, the operation as the protocol has it. */
function callOf(request: IncomingMessage, body: string): AwsCall {
  const api = /Credential=[^/]+\/\d+\/[^/]+\/([^/]+)\//.exec(request.headers.authorization ?? '')?.[1] ?? '';
  const target = String(request.headers['x-amz-target'] ?? '');
  if (target !== '') return { api, operation: target.split('.').at(-1) ?? '', input: JSON.parse(body) };
  if (isCbor(request)) return { api, operation: request.url?.split('/').at(-1) ?? '', input: {} };
  const { Action: operation = '', ...input } = Object.fromEntries(new URLSearchParams(body));
  return { api, operation, input };
}

function written({ operation }: AwsCall, answer: AwsAnswer, request: IncomingMessage) {
  if ('xml' in answer)
    return {
      status: 200,
      type: 'text/xml',
      bytes: `<${operation}Response><${operation}Result>${answer.xml}</${operation}Result>${answer.xml}</${operation}Response>`,
    };
  if ('refusal' in answer) return refused(answer, request);
  if (isCbor(request)) return { status: 200, type: 'application/cbor', bytes: cborOf(answer.json) };
  return { status: 200, type: 'application/x-amz-json-1.1', bytes: JSON.stringify(answer.json) };
}

function refused({ refusal, status = 400 }: { refusal: string; status?: number }, { headers }: IncomingMessage) {
  if (headers['x-amz-target'] !== undefined)
    return { status, type: 'application/x-amz-json-1.1', bytes: JSON.stringify({ __type: refusal, message: 'no' }) };
  const bytes = `<ErrorResponse><Error><Code>${refusal}</Code><Message>no</Message></Error></ErrorResponse>`;
  return { status, type: 'text/xml', bytes };
}

/** CBOR (RFC 8949) of what the answers have: maps, lists and texts. */
function cborOf(value: unknown): Buffer {
  if (typeof value === 'string') return Buffer.concat([head(3, Buffer.byteLength(value)), Buffer.from(value)]);
  if (Array.isArray(value)) return Buffer.concat([head(4, value.length), ...value.map(cborOf)]);
  const entries = Object.entries(value as object); // Nothing else is answered.
  return Buffer.concat([
    head(5, entries.length),
    ...entries.flatMap(([name, member]) => [cborOf(name), cborOf(member)]),
  ]);
}

const head = (major: number, length: number): Buffer =>
  length < 24 ? Buffer.from([(major << 5) | length]) : Buffer.from([(major << 5) | 25, length >> 8, length & 255]);
