import { expect, test } from '@jest/globals';
import { catchesOf } from '../support/syntax.ts';
import { exists, productFolders, sources } from '../support/tree.ts';

/**
 * Every place of the product that catches, how often, and why it must. A fault that nobody catches reaches the one place
 * that knows what to do with it: Temporal, which tries the step again, or the API's problems, which say 503.
 */
const reviewed: Record<string, { catches: number; why: string }> = {
  'config/server-variables.ts': {
    catches: 1,
    why: 'Text that is no JSON is a wrong setting, with a sentence about it.',
  },
  'codec-server/app.ts': {
    catches: 1,
    why: 'The one place where the codec server turns what was thrown into an answer that quotes nothing.',
  },
  'codec-server/decode.ts': {
    catches: 1,
    why: 'A payload that cannot be read is answered as such, beside those that can; anything else is thrown on.',
  },
  'codec-server/judge-key.ts': { catches: 1, why: 'Text that is no JSON is no answer, and its error would quote it.' },
  'worker/scaler/rounds.ts': {
    catches: 1,
    why: 'A queue that cannot be measured is logged and counted, and has no figure; the others have theirs.',
  },
  'drizzle/write-token.ts': { catches: 1, why: 'A pause that its end cuts short has done its work.' },
  'statements/render/slot.ts': {
    catches: 1,
    why: 'A thread that cannot be started or ended is a fault of its document.',
  },
  'statements/render/thread.ts': {
    catches: 1,
    why: 'What no repetition draws is answered as such; whatever else is thrown ends the thread.',
  },
  'archive/members.ts': {
    catches: 1,
    why: 'Bytes that are no gzip are other bytes than ours; anything else is thrown on.',
  },
  'encryption/codec.ts': {
    catches: 2,
    why: 'What cannot be decrypted is raised and thrown on, in a sentence that names its key.',
  },
  'encryption/kms-key.ts': { catches: 1, why: 'Whatever KMS throws becomes a fault that says what to do.' },
  'encryption/payload-keys.ts': {
    catches: 3,
    why: 'A key that cannot be had is raised and thrown on; beside the work the one before goes on.',
  },
  'archive-verification/canonical.ts': { catches: 1, why: 'Bytes that are no JSON are other bytes than were written.' },
  'archive-verification/member.ts': {
    catches: 1,
    why: 'Whatever zlib says of bytes that it cannot read, they are not what was put.',
  },
  'storage/calls.ts': { catches: 1, why: 'Whatever a store throws becomes a fault with a code; bugs are thrown on.' },
  'storage/contract.ts': { catches: 1, why: 'That a fault is thrown is what is tried there.' },
  'storage/folder/backend.ts': { catches: 1, why: 'Old drafts that cannot be removed fail the write that follows.' },
  'storage/folder/create.ts': { catches: 1, why: 'A name that exists says that another writer was first.' },
  'storage/folder/faults.ts': { catches: 1, why: 'Errors of the file system become faults with a code.' },
  'storage/folder/links.ts': {
    catches: 2,
    why: 'Of processes that make the secret of a folder at once, one is first.',
  },
  'storage/s3/answered.ts': { catches: 1, why: 'What S3 answers is a value or a fault, by its status.' },
  'storage/s3/listing.ts': { catches: 1, why: 'What S3 answers to a list becomes a fault with a code.' },
  'activities/versions/deployment.ts': {
    catches: 1,
    why: 'That Temporal knows no such deployment is an answer; anything else is thrown on.',
  },
  'operator/versions/remove.ts': {
    catches: 1,
    why: 'What Temporal refuses becomes a sentence for the operator; anything else is thrown on.',
  },
  'activities/transfers/conclude-with-retries.ts': {
    catches: 1,
    why: 'What a rail answered is known to nobody else, so it is written again while there is time, and then thrown on.',
  },
  'activities/notices/url-guard.ts': {
    catches: 1,
    why: 'The connection takes errors by callback, where this one becomes a failed try.',
  },
  'activities/transfers/rail-observer.ts': {
    catches: 1,
    why: 'The breaker is a help: a report to it that fails must not fail the send that it tells of.',
  },
  'activities/statements/finish.ts': {
    catches: 1,
    why: 'One statement that cannot be made waits, or asks for a person, and does not keep its run from the others; what says nothing about it is thrown on.',
  },
  'activities/archive/copy-checkpoint.ts': {
    catches: 1,
    why: 'A second store that does not take a checkpoint keeps nobody from archiving: it is tried again, and an alarm when it is late.',
  },
  'activities/statements/lane.ts': { catches: 1, why: 'A pause that its signal ends early has done its work.' },
  'activities/upkeep/repair-overdue.ts': {
    catches: 1,
    why: 'One row that cannot be repaired raises an alarm, and does not keep the sweep from the others.',
  },
  'activities/transfers/reserve.ts': {
    catches: 1,
    why: 'A member that fails must not take the answers of its siblings along.',
  },
  'activities/transfers/send.ts': {
    catches: 1,
    why: 'What the database refuses permanently raises an alarm of its own; any other fault is thrown on.',
  },
  'activities/transfers/start-inquiries.ts': {
    catches: 1,
    why: 'Where search attributes are missing the inquiry starts without them; anything else is thrown on.',
  },
  'activities/transfers/take-due.ts': { catches: 1, why: 'A pause that its signal ends early has done its work.' },
  'concurrency/once.ts': {
    catches: 1,
    why: 'A read that failed is not kept, so who asks next reads again; the error is thrown on.',
  },
  'concurrency/known.ts': {
    catches: 1,
    why: 'A read that failed leaves the value unknown, and the next caller tries again. Its user works without the value.',
  },
  'concurrency/task-group.ts': {
    catches: 1,
    why: 'Faults of running work are gathered and thrown when it is waited for.',
  },
  'activities/waker.ts': {
    catches: 1,
    why: 'A lost wake is no fault: what it would have begun is found overdue.',
  },
  'activities/statements/wake-runs.ts': {
    catches: 1,
    why: 'A run that is not there has no pace to look at; anything else is thrown on.',
  },
  'api/statements/link.ts': {
    catches: 1,
    why: 'Until a link is noted nothing is written, so that a store which makes none is told as such.',
  },
  'api/main.ts': { catches: 1, why: 'A program that starts without its database writes why into its log.' },
  'api/ledger-verbs.ts': {
    catches: 7,
    why: 'Only where the verb is called is it known that what the database refused is what was to be written.',
  },
  'api/events/cursor.ts': { catches: 1, why: 'Text that is no cursor is refused as a field, not as a fault.' },
  'api/events/feed-news.ts': {
    catches: 1,
    why: 'Who waits looks for itself when nobody can be asked, and gets the error as an answer.',
  },
  'api/access-log/row-writer.ts': {
    catches: 1,
    why: 'No request waits for who read what: rows that could not be written are kept and sent again, with an alarm.',
  },
  'api/api-keys/key-use.ts': {
    catches: 1,
    why: 'When keys were used is a help to people: what cannot be written is counted and dropped.',
  },
  'api/http/pagination.ts': {
    catches: 1,
    why: 'Text that is not one of our cursors becomes null, which the schema refuses.',
  },
  'api/http/middleware/problems.ts': {
    catches: 1,
    why: 'The one place where the API turns what was thrown into a problem document.',
  },
  'api/standby/reader.ts': {
    catches: 1,
    why: 'Whatever a standby fails with, the same read is made on the primary, which throws what is wrong with the read itself.',
  },
  'api/standby/watch.ts': { catches: 1, why: 'Whether a server answers is what is asked.' },
  'api/docs/bundle.ts': { catches: 1, why: 'Whether the docs page is installed is what is asked.' },
  'api/http/request/key-owners.ts': {
    catches: 1,
    why: 'A failed look-up is not remembered, so that the next request asks again; each caller that waits for it gets the fault.',
  },
  'api/http/request/read-body.ts': {
    catches: 3,
    why: "A body that ends too early is its client's doing; MIMEType and TextDecoder say only so that they cannot read a text.",
  },
  'api/http/request/strict-json.ts': {
    catches: 2,
    why: "The parser's own message quotes the body, so it becomes a refusal of ours.",
  },
  'api/transfers/ledger-token.ts': {
    catches: 1,
    why: 'The transfer is decided; a token that knows fewer accounts is better than no answer.',
  },
  'api/transfers/intake.ts': {
    catches: 1,
    why: 'Whatever went wrong with the call is the absence of an answer: the outcome is unknown.',
  },
  'api/transfers/start-group.ts': {
    catches: 1,
    why: "Logged with the group's id, which clients never see, then thrown on.",
  },
  'archive/kms-signer.ts': {
    catches: 1,
    why: 'Whatever KMS does instead of what it was asked is one fault, which names the key.',
  },
  'cache/log-in.ts': {
    catches: 3,
    why: 'Redis is a help: a login that fails is told to the link and tried again, and why a connection fails is its event.',
  },
  'config/iam-passwords.ts': {
    catches: 1,
    why: 'Whatever a signer throws is one sentence, for people and for the log.',
  },
  'drizzle/login.ts': { catches: 1, why: 'A connection without a password is ended, and why is thrown on.' },
  'drizzle/open-to-tokens.ts': {
    catches: 1,
    why: 'A login that may not open the others is told who may; anything else is thrown on.',
  },
  'cache/redis.ts': { catches: 1, why: 'Whatever Redis says, the platform goes on without it.' },
  'config/forms.ts': {
    catches: 2,
    why: 'A file that cannot be read, or is not what it should be, is a wrong setting like any other.',
  },
  'config/temporal.ts': { catches: 1, why: 'Why a handshake fails is what is wanted.' },
  'drizzle/client.ts': {
    catches: 2,
    why: 'A connection on which a read failed is closed, and a database that does not answer does not keep a program from starting.',
  },
  'drizzle/migrate.ts': { catches: 1, why: "Drizzle's own error holds the whole file, and not what is wrong with it." },
  'drizzle/session.ts': {
    catches: 1,
    why: 'A managed server lets nobody set what it logs: the setting is named, and anything else is thrown on.',
  },
  'drizzle/sources/atomically.ts': { catches: 1, why: 'Rolled back, then thrown on.' },
  'drizzle/sources/create.ts': {
    catches: 1,
    why: 'A function that cannot be replaced in place is dropped and made; anything else is thrown on with its source.',
  },
  'ledger/batcher.ts': {
    catches: 1,
    why: 'Finds the command that the database cannot digest by halving, and asks again after a lost connection.',
  },
  'ledger/locks/watch.ts': {
    catches: 1,
    why: 'Without an answer about locks all commands are sent, and the call itself says what is wrong with the database.',
  },
  'operator/main.ts': { catches: 1, why: 'A person asked: the end of the program is a sentence and an exit code.' },
  'operator/verify.ts': {
    catches: 1,
    why: 'A person asked: the end of the program is a sentence and an exit code.',
  },
  'rails/instant/codec.ts': {
    catches: 1,
    why: 'A body that is not JSON is an answer like another: the outcome is unknown.',
  },
  'simulator/body.ts': { catches: 1, why: 'A body that is not JSON is answered as such.' },
  'simulator/journal.ts': {
    catches: 3,
    why: 'A disk that fails ends the process in a sentence; a damaged line is never skipped.',
  },
  'simulator/main.ts': { catches: 1, why: 'A start that failed is one sentence and an exit code.' },
  'simulator/server.ts': { catches: 1, why: 'A busy port is one sentence and not a stack.' },
  'telemetry/backlog.ts': {
    catches: 1,
    why: 'Gauges that cannot be read have no value and are counted as a failure; the page has the others.',
  },
  'telemetry/monitor/watch.ts': {
    catches: 1,
    why: 'That a server does not answer is what a monitor looks for; for long, it is an alarm.',
  },
  'worker/note-presence.ts': {
    catches: 1,
    why: 'A worker that cannot say that it is here is missed by the others, which is the purpose.',
  },
  'worker/step-alarms.ts': {
    catches: 1,
    why: 'A bug alarms at once and is tried again slowly, so that it waits for its fix.',
  },
  'telemetry/server.ts': {
    catches: 1,
    why: 'A page that fails is a failed answer, which the scraper reports, and not the end of the program.',
  },
  'telemetry/metrics.ts': {
    catches: 1,
    why: "Metrics of Temporal's core that do not answer are left out of the page.",
  },
  'worker/register-rails.ts': {
    catches: 1,
    why: 'A database that does not answer at the start is waited for, and each try logs.',
  },
  'worker/provision.ts': {
    catches: 1,
    why: 'A part that a server refuses does not keep it from the other parts; it is tried again a minute later.',
  },
  'worker/runtime.ts': {
    catches: 1,
    why: 'A port that another process took in between is replaced; any other fault is thrown on.',
  },
  'worker/schedules.ts': { catches: 1, why: 'What exists already is what we want.' },
  'worker/search-attributes.ts': {
    catches: 2,
    why: 'A refused search says that they are not there; a refused registration is an alarm only where they are missing.',
  },
  'workflows/transfers/carry.ts': {
    catches: 1,
    why: 'Without a worker of its rail a group puts its members off; any other failure is thrown on.',
  },
  'workflows/transfers/group.ts': {
    catches: 1,
    why: 'A first step that gave up is answered as undecided, and the patient step goes on.',
  },
};

const folders = [...productFolders, 'simulator'];

test('nothing catches but what was reviewed', () => {
  const counted = Object.fromEntries(
    sources(folders)
      .map((file) => [file, catchesOf(file)] as const)
      .filter(([, count]) => count > 0),
  );
  expect(counted).toEqual(Object.fromEntries(Object.entries(reviewed).map(([file, { catches }]) => [file, catches])));
});

test('every reviewed file exists and has a reason in a sentence', () => {
  for (const [file, { why }] of Object.entries(reviewed)) {
    expect([file, exists(file), why.length > 20 && why.endsWith('.')]).toEqual([file, true, true]);
  }
});
