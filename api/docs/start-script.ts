import { exampleKey } from '../openapi/operation.ts';

/**
 * Starts the docs page. A file of its own, so that the policy of the page need not allow inline scripts. A key after `#key=` in the
 * address, which no server sees, is taken out of it; its accounts then stand in the examples, so that they work as they are, each
 * operation with an idempotency key of its own.
 */
export const startScript = `const key = new URLSearchParams(location.hash.slice(1)).get('key');
if (key) history.replaceState(null, '', location.pathname);

const read = async (path) => {
  const answer = await fetch(path, key ? { headers: { Authorization: 'Bearer ' + key } } : {});
  if (!answer.ok) throw new Error(path + ': ' + answer.status);
  return answer.json();
};

/** Two accounts of the reader's that money can move between, the fuller one first. */
const accounts = async () => {
  const { data } = await read('/v1/accounts?kind=customer&status=open&limit=100');
  const inDollars = data.filter(({ currency }) => currency === 'USD');
  const byFunds = inDollars.sort((a, b) => (BigInt(b.balance.available) > BigInt(a.balance.available) ? 1 : -1));
  return byFunds.slice(0, 2).map(({ id }) => id);
};

/** Also where the page is not of a secure origin, which crypto.randomUUID asks for. */
const newKey = () => 'docs-' + Array.from(crypto.getRandomValues(new Uint8Array(12)), (byte) => byte.toString(16).padStart(2, '0')).join('');

const start = async () => {
  let text = JSON.stringify(await read('/openapi.json'));
  const put = (from, to) => to && (text = text.replaceAll(from, to));
  // One for each operation and each time that the page is opened: an operation that is tried does not spoil the next.
  text = text.replaceAll('${exampleKey}', newKey);
  put('API=http://127.0.0.1:3001', 'API=' + location.origin);
  // Without a key, or with one that may not read accounts, the page shows what to put where.
  const [from, to] = key ? await accounts().catch(() => []) : [];
  const example = JSON.parse(text).paths['/v1/transfers'].post.requestBody.content['application/json'].examples.book.value;
  put('qk_your_key', key);
  put('ac_your_account', from);
  put('ac_another_account', to);
  put(example.source.account_id, from);
  put(example.destination.account_id, to);
  Scalar.createApiReference('#app', {
    content: text,
    authentication: { preferredSecurityScheme: 'key', securitySchemes: { key: { token: key ?? '' } } },
    telemetry: false,
    withDefaultFonts: false,
    agent: { disabled: true },
    hideClientButton: true,
    showDeveloperTools: 'never',
    mcp: { disabled: true },
    // A link to an operation puts the focus on the whole of it, and a frame around that says nothing.
    customCss: '.section:focus-visible { outline: none }',
  });
};
void start();
`;
