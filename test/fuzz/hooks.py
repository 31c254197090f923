"""What the fuzzer cannot know from the document: texts of our own format, ids of things that exist, and what time it is."""

import datetime
import json
import os
import random
import re

import schemathesis
from hypothesis import strategies as st

# Everything that domain/text.ts takes: no control, format, private, surrogate or unassigned signs, and something to see.
_letters = st.characters(exclude_categories=("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp", "Mn", "Mc", "Me"))
_unseen = "\u2800\u115f\u1160\u3164\uffa0"
_plain = st.text(_letters, min_size=1).filter(lambda text: any(not sign.isspace() and sign not in _unseen for sign in text))
schemathesis.openapi.format("plain-text", _plain)

_ids = json.loads(os.environ["FUZZ_IDS"])
_things = {"transfers": "transfer", "accounts": "account", "webhook-endpoints": "webhookEndpoint", "api-keys": "apiKey", "statements": "statement"}
_id = re.compile(r"[a-z]{2}_[0-7][0-9a-hjkmnp-tv-z]{25}")
_instant = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt][0-9:.]{8,}([Zz]|[+-][0-9:]{5})")


def _is(form, value):
    return isinstance(value, str) and form.fullmatch(value) is not None


def _in(days):
    return (datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(days=days)).strftime("%Y-%m-%dT%H:%M:%SZ")


@schemathesis.hook
def before_call(context, case, kwargs):
    """Makes a right request one that can be done: about things that exist, at instants that lie where they must. What is wrong stays wrong."""
    # It must not end the key that it asks with.
    if (case.path_parameters or {}).get("id") == os.environ["FUZZ_KEY_ID"]:
        case.path_parameters["id"] = "ak_00000000000000000000000000"
    if case.meta is None or not case.meta.generation.mode.is_positive:
        return
    thing = _things.get((case.operation.path.split("/") + ["", ""])[2])
    if thing in _ids and "id" in (case.path_parameters or {}) and random.random() < 0.5:
        case.path_parameters["id"] = random.choice(_ids[thing])
    # It takes the quotes of an ETag off.
    if "If-Match" in (case.headers or {}):
        case.headers["If-Match"] = '"1"'
    query = case.query or {}
    # Only the API makes cursors.
    for name in ("cursor", "after"):
        query.pop(name, None)
    # It goes with no other filter.
    if "idempotency_key" in query:
        case.query = {"idempotency_key": query["idempotency_key"]}
    if _is(_instant, query.get("at")):
        query["at"] = _in(-1)
    if case.operation.path.startswith("/v1/exports/"):
        query["from"], query["to"] = _in(-10), _in(-1)
    # The fuzzer waits ten seconds for an answer.
    if "wait_ms" in query:
        query["wait_ms"] = 0
    if isinstance(case.body, dict):
        case.body = _mapped(case.body)
        # A statement of one document has one part.
        if case.operation.path.endswith("/links"):
            case.body.pop("part", None)
        # The document has no words for a field that goes with one kind only.
        if case.body.get("kind") == "funding":
            case.body.pop("overdraft_limit", None)


def _mapped(value):
    return {name: _field(name, inner) for name, inner in value.items()} if isinstance(value, dict) else value


def _field(name, value):
    if name == "addresses" and isinstance(value, list):
        return ["127.0.0.0/8"]
    if name == "account_ids" and isinstance(value, list):
        return [random.choice(_ids["account"])]
    if name in ("account_id", "from", "to") and _is(_id, value) and random.random() < 0.5:
        return random.choice(_ids["account"])
    if name in ("expires_at", "execute_at") and _is(_instant, value):
        return _in(10)
    if name == "effective_at" and _is(_instant, value):
        return _in(-1)
    # Which zones there are, and how dark a colour is, are rules that the document has no words for.
    if name == "zone" and isinstance(value, str):
        return "Europe/Warsaw"
    if name == "accent" and isinstance(value, str):
        return "#1f4e79"
    # Whether a name is a public one, and how long its normal form is, are rules that the document has no words for.
    if name == "url" and isinstance(value, str):
        return "https://example.com/notices"
    if name == "legs" and isinstance(value, list):
        return [_mapped(one) for one in value]
    # No two members of a batch have one key.
    if name == "transfers" and isinstance(value, list):
        return [{**_mapped(one), "idempotency_key": f"member-{n}-{random.random()}"} for n, one in enumerate(value)]
    return _mapped(value)
