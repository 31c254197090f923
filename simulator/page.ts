import { rejectCodes, transportFaults } from './triggers.ts';

/** The page for a person who opens the printed link: what this is, how to make it fail, where to look. */
export function page(url: string): string {
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Bank simulator</title>
<style>
  body { font: 16px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; color: #1b1b1b; }
  table { border-collapse: collapse; width: 100%; } td, th { text-align: left; padding: .3rem .6rem; border: 1px solid #bbb; }
  code, pre { font: 14px/1.4 ui-monospace, monospace; background: #f2f2f2; } pre { padding: .8rem; overflow-x: auto; }
</style>
<h1>Bank simulator</h1>
<p>A bank on the other side of the rails. It has its own process and its own journal, and no real money.
It takes instructions on the instant rail and fails on request: the destination's account number says how.</p>
<h2>Look</h2>
<ul>
  <li><a href="/control/truth">/control/truth</a>: every instruction that this bank believes in</li>
  <li><a href="/control/clock">/control/clock</a>: its virtual clock</li>
  <li><a href="/ping">/ping</a></li>
</ul>
<h2>Account numbers</h2>
<p><code>77</code> + family (2) + code (3) + timing (2), nine digits. Any other account number succeeds, and so does family 00.</p>
<h3>Family 20: rejected</h3>
<table><tr><th>Account number</th><th>ISO code</th></tr>
${rejectCodes.map((code, index) => `<tr><td><code>7720${pad(index + 1)}00</code></td><td>${code}${note(code)}</td></tr>`).join('\n')}
</table>
<h3>Family 30: the transport fails (<code>tt</code> = timing)</h3>
<table><tr><th>Account number</th><th>What happens</th><th>Timing</th></tr>
${faultRows()}
</table>
<h2>Try</h2>
<p>Use a separate bank: what this one takes from another client, or forgets, makes <code>npm run verify</code> report a
difference.</p>
<pre>SIMULATOR_PORT=4011 SIMULATOR_JOURNAL=$(mktemp) npx node simulator/main.ts    # in another terminal
curl -i ${own}/instant/transfers -H 'Content-Type: application/json' -H 'Idempotency-Key: KEY1' \\
  -d '{"rail_key":"KEY1","amount":"1250","currency":"USD",
       "destination":{"routing_number":"021000021","account_number":"773000500","name":"Ada"}}'
curl -i ${own}/instant/transfers/KEY1
curl -X POST ${own}/control/reset</pre>
<p>On this bank you may set an outage, and advance the clock. <code>npm start</code> keeps its token in <code>ready.json</code>, as <code>control</code>:</p>
<pre>curl -X POST ${url}/control/clock/advance -H "Authorization: Bearer $TOKEN" -H 'Content-Type: application/json' -d '{"ms":3600000}'
curl -X POST ${url}/control/down -H "Authorization: Bearer $TOKEN" -H 'Content-Type: application/json' -d '{"mode":"half_503","latency_ms":200}'
curl -X POST ${url}/control/down -H "Authorization: Bearer $TOKEN" -H 'Content-Type: application/json' -d '{"mode":"up"}'</pre>
</html>
`;
}

/** Where the examples go that submit something: another bank than that of a running platform. */
const own = 'http://127.0.0.1:4011';

const faultRows = (): string =>
  Object.entries(transportFaults)
    .map(
      ([code, { summary, timing }]) =>
        `<tr><td><code>7730${code}tt</code></td><td>${summary}</td><td>${timing}</td></tr>`,
    )
    .join('\n');

const note = (code: string): string =>
  code === 'DUPL' ? ', although the books have it: send an inquiry before you believe it' : '';
const pad = (index: number): string => String(index).padStart(3, '0');
