import type pg from 'pg';
import { once } from '../concurrency/once.ts';
import { Overload } from '../concurrency/overload.ts';
import type { TransferRequest } from '../domain/transfer.ts';
import { authenticate } from '../ledger/access/authenticate.ts';
import { createApiKey } from '../ledger/access/create-api-key.ts';
import { endApiKey } from '../ledger/access/end-api-key.ts';
import { noteApiKeysUsed } from '../ledger/access/note-api-keys-used.ts';
import { revokeApiKey } from '../ledger/access/revoke-api-key.ts';
import { revokeApiKeyFamily } from '../ledger/access/revoke-api-key-family.ts';
import { rotateApiKey } from '../ledger/access/rotate-api-key.ts';
import { readLinkKey, readSeal, readSourceKey } from '../ledger/access/seal.ts';
import { changeAccount } from '../ledger/accounts/change.ts';
import { openAccount } from '../ledger/accounts/open.ts';
import { openFundingAccount } from '../ledger/accounts/open-funding.ts';
import { type AccessRow, noteAccesses } from '../ledger/archive/note-accesses.ts';
import { noteRefusedSignIns, type RefusedSignInRow } from '../ledger/archive/note-refused-sign-ins.ts';
import type { OnCommit } from '../ledger/commit-effects.ts';
import type { EntryCommand } from '../ledger/entries/post-entries.ts';
import { createEntryPoster } from '../ledger/entries/poster.ts';
import { isLockTimeout, isPoison, RowLocked } from '../ledger/faults.ts';
import type { NewCapture } from '../ledger/holds/capture.ts';
import type { NewHold } from '../ledger/holds/create.ts';
import type { NewRelease } from '../ledger/holds/release.ts';
import { createHoldVerbs } from '../ledger/holds/verbs.ts';
import { changeEndpoint } from '../ledger/notices/change-webhook-endpoint.ts';
import { createEndpoint } from '../ledger/notices/create-webhook-endpoint.ts';
import { deleteEndpoint } from '../ledger/notices/delete-webhook-endpoint.ts';
import { replayOwnDelivery } from '../ledger/notices/replay-own-delivery.ts';
import { rotateEndpointSecret } from '../ledger/notices/rotate-endpoint-secret.ts';
import { testEndpoint } from '../ledger/notices/test-endpoint.ts';
import { closePeriod } from '../ledger/periods/close.ts';
import { changeStatementPlan } from '../ledger/statements/change-plan.ts';
import { noteStatementLink } from '../ledger/statements/note-link.ts';
import { requestStatement } from '../ledger/statements/request.ts';
import { setStatementPace } from '../ledger/statements/set-pace.ts';
import type { CancelCommand } from '../ledger/transfers/cancel.ts';
import { previewTransfer } from '../ledger/transfers/preview.ts';
import type { ReverseCommand } from '../ledger/transfers/reverse.ts';
import { createTransfersOnRequest } from '../ledger/transfers-on-request.ts';
import { createBoundedWrites, type WriteOwner } from './bounded-writes.ts';

/** The ledger's verbs that need no workflow, bound to the API's pools. Their contracts are beside them in `ledger/`. */
export type LedgerVerbs = ReturnType<typeof bindLedgerVerbs>;

/** Pools that log in as quittance_api. `checks` is apart, so that no write delays who asks for a key. */
export type LedgerPools = { writes: pg.Pool; checks: pg.Pool };

/**
 * Binds the verbs to their pools. Those that write throw {@link NothingWritten} where that is proven, and {@link NotAttempted}
 * where they had no place or no lock. `onCommit` gets what a commit changed beside its own thing.
 */
export function bindLedgerVerbs({ writes, checks }: LedgerPools, onCommit: OnCommit) {
  const bounded = createBoundedWrites();
  /** `of`: what it locks, where that is not the thing whose id the command has. */
  const writingTo =
    <Command extends { tenantId: string }, Outcome>(
      verb: (pool: pg.Pool, command: Command) => Promise<Outcome>,
      of: (command: Command) => string,
    ) =>
    (command: Command): Promise<Outcome> =>
      bounded({ tenantId: command.tenantId, id: of(command) }, () => verb(writes, command)).catch(rethrow);
  const writing = <Command extends WriteOwner, Outcome>(
    verb: (pool: pg.Pool, command: Command) => Promise<Outcome>,
  ): ((command: Command) => Promise<Outcome>) => writingTo(verb, ({ id }) => id);
  const onRequest = createTransfersOnRequest({ pool: writes, onCommit });
  const entries = createEntryPoster({ pool: writes, onCommit });
  const holds = createHoldVerbs(writes, onCommit);
  return {
    cancelTransfer: (command: CancelCommand) => onRequest.cancel(command).catch(rethrow),
    reverseTransfer: (command: ReverseCommand) => onRequest.reverse(command).catch(rethrow),
    createHold: (hold: NewHold) => holds.create(hold).catch(rethrow),
    captureHold: (capture: NewCapture) => holds.capture(capture).catch(rethrow),
    releaseHold: (release: NewRelease) => holds.release(release).catch(rethrow),
    postEntry: (command: EntryCommand) => entries.post(command).catch(rethrow),
    previewTransfer: writing((pool, request: TransferRequest) => previewTransfer(pool, request)),
    openAccount: writing(openAccount),
    openFundingAccount: writing(openFundingAccount),
    changeAccount: writing(changeAccount),
    closePeriod: writing(closePeriod),
    requestStatement: writingTo(requestStatement, ({ accountId }) => accountId),
    noteStatementLink: writingTo(noteStatementLink, ({ statementId }) => statementId),
    changeStatementPlan: writingTo(changeStatementPlan, ({ tenantId }) => tenantId),
    setStatementPace: writingTo(setStatementPace, ({ tenantId }) => tenantId),
    createApiKey: writing(createApiKey),
    rotateApiKey: writing(rotateApiKey),
    endApiKey: writing(endApiKey),
    noteApiKeysUsed: (ids: readonly string[]) => noteApiKeysUsed(writes, ids),
    noteAccesses: (rows: readonly AccessRow[]) => noteAccesses(writes, rows),
    noteRefusedSignIns: (rows: readonly RefusedSignInRow[]) => noteRefusedSignIns(writes, rows),
    revokeApiKey: writing(revokeApiKey),
    revokeApiKeyFamily: writing(revokeApiKeyFamily),
    readSeal: () => readSeal(checks),
    readLinkKey: once(() => readLinkKey(checks)),
    readSourceKey: once(() => readSourceKey(checks)),
    authenticate: (secret: string) => authenticate(checks, secret),
    createEndpoint: writing(createEndpoint),
    changeEndpoint: writing(changeEndpoint),
    deleteEndpoint: writing(deleteEndpoint),
    /** Waits until nothing that is batched is on its way to the database. */
    idle: async () => void (await Promise.all([onRequest.idle(), holds.idle(), entries.idle()])),
    rotateEndpointSecret: writing(rotateEndpointSecret),
    testEndpoint: writing(testEndpoint),
    replayDelivery: writing(replayOwnDelivery),
  };
}

/** Thrown when the database refused a verb permanently: it had rolled back the verb's one statement before it answered. */
export class NothingWritten extends Error {
  override readonly name = 'NothingWritten';
}

/** Thrown when a verb was not sent, or gave up waiting for a lock: nothing was written, and the same may work next time. */
export class NotAttempted extends Error {
  override readonly name = 'NotAttempted';
}

/** Only here it is known which statement failed. Later, an error of a read after the commit looks the same. */
function rethrow(error: unknown): never {
  if (error instanceof Overload || error instanceof RowLocked || isLockTimeout(error))
    throw new NotAttempted('the ledger has no place for it now', { cause: error });
  throw isPoison(error)
    ? new NothingWritten('the database refused what we asked it to write', { cause: error })
    : error;
}
