/**
 * The first page of the docs: what every client has to know, in Markdown. The docs page puts the reader's own key and accounts into the
 * first four lines of the example (api/docs/start-script.ts).
 */
export const introduction = `Quittance moves money, and never leaves anyone in doubt about it. The answer to a request says what
the ledger decided; what a bank decides comes later, in \`status\`. A repeated request moves money once, and a bank that does not answer
leaves a transfer \`unknown\`, its money held, until there is proof.

## Move money

\`\`\`sh
API=http://127.0.0.1:3001
KEY=qk_your_key
FROM=ac_your_account
TO=ac_another_account
curl -sS "$API/v1/transfers" \\
  -H "Authorization: Bearer $KEY" \\
  -H 'Content-Type: application/json' \\
  -H 'Idempotency-Key: first-transfer' \\
  -d '{"rail": "book",
    "amount": "1250", "currency": "USD",
    "source": {"account_id": "'$FROM'"},
    "destination": {"account_id": "'$TO'"}}'
\`\`\`

Send it twice: the money moves once. Amounts are strings of minor units: \`"1250"\` USD is 12.50 dollars, \`"1250"\` JPY is 1,250 yen. On a
machine where \`npm start\` runs, the line that it prints opens this page with a key and two accounts in the example.

## Authentication

Each request has \`Authorization: Bearer qk_…\`. A key belongs to a tenant, sees only what is that tenant's, and may do what its scopes
say: each operation names its own. \`GET /v1/me\` shows what a key may do. 401: the key is missing, unknown, expired or revoked; 403: it may
not do this. Keep keys in a secret store, never in a page or an app.

## Retries

- Each request that moves money needs an \`Idempotency-Key\`: make one, **store it**, then send. The same request with the same key
  moves money once, however late it comes, and gets the same answer, with \`Idempotent-Replayed: true\`.
- **No answer, 408, 429, 503, or 502 and 504 of a proxy: send the same request with the same key again**, after \`Retry-After\` where
  there is one, else after 1, 2, 4 … seconds. 503 \`outcome_unknown\` means that it may have been done: do not use a new key.
- 500 \`internal_error\`: nothing was done, and the key is unused. Report the \`instance\`.
- Every other 4xx is refused again as long as nothing changes, and this try did nothing; after a try without an answer, 401 and 403 say nothing
  about that one: look it up with \`GET /v1/transfers?idempotency_key=…\`. 422 with a \`transfer_id\` is a transfer that was declined, which is decided
  for its key; a new try needs a new key. 409 of a cancellation uses no key, and the same request may succeed later. Another body under
  a used key is 422 \`idempotency_key_reused\`, which names what the key made (\`conflicting_…_id\`), or nothing where that was refused.
- Wait at least 15 seconds for an answer before you give up on it.

## Errors

Every answer that is not a success is a problem document (RFC 9457): \`code\` is for your program, \`detail\` says what happened, \`action\`
what to do, and \`retryable\` whether the same request may succeed later. \`validation_failed\` lists every wrong field with a
JSON pointer. [All codes](/problems). Quote the \`Request-Id\` when you report something.

## States of a transfer

\`next\` says what happens next, when, and whom it waits for; \`attention\` that a person should look. [All states](/states).

## Lists

Newest first, except events and attempts of a transfer, which are oldest first; \`limit\` up to 100. \`next_cursor\` is the \`cursor\` of the next page,
and null on the last. The feed \`/v1/events\` is oldest first and has no last page: its \`next_cursor\` is the next \`after\`. Unknown parameters are refused.

## Reads after writes

A write answers with \`Ledger-Token\`. Send the newest one back with a read of a balance, and nothing older is shown.

## Notices

A webhook endpoint gets a signed notice ([Standard Webhooks](https://www.standardwebhooks.com)) for each event that its \`event_types\`
choose: check the signature over the raw bytes, store it, answer 2xx, then work. It may come twice. \`GET /v1/events\` is the same as a feed, for catching up.

## Limits

\`RateLimit-Limit\`, \`RateLimit-Remaining\` and \`RateLimit-Reset\` say how many requests are left. 429 comes with \`Retry-After\`. A body has at
most 64 KiB, a batch 512 KiB, an address 2,048 characters.

## Versions

Within \`/v1\` fields, values and operations are added, and nothing is taken away without a year of notice by \`Deprecation\` and \`Sunset\`
headers. Ignore fields that you do not know, and take an unknown \`status\` for one that is not final.
`;
