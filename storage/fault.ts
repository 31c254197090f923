/**
 * Why a store did not do what it was asked for. `unreachable`: nothing was sent. `unknown`: no decisive answer, so it may have been
 * done; a put is simply repeated. `busy`: it, or our own bound, says later. `full`: no room. `lock_refused`: it does not keep the
 * object as it was asked to. `denied`: our login may not. `corrupt`: bytes and checksum differ. `unusable`: a wrong setting, or
 * something else that no repetition changes; `reason` says what.
 */
export type StorageFaultCode =
  | 'unreachable'
  | 'unknown'
  | 'busy'
  | 'full'
  | 'lock_refused'
  | 'denied'
  | 'corrupt'
  | 'unusable';

/** A call to an object store that had no good end. Its message has the area and the store's own word, never a key's content or a login. */
export class StorageFault extends Error {
  override readonly name = 'StorageFault';
  readonly code: StorageFaultCode;

  constructor(code: StorageFaultCode, reason: string, options?: ErrorOptions) {
    super(`${sentences[code]} (${reason})`, options);
    this.code = code;
  }
}

const sentences: Record<StorageFaultCode, string> = {
  unreachable: 'the object store cannot be reached',
  unknown: 'the object store gave no decisive answer',
  busy: 'the object store is busy',
  full: 'the object store is full',
  lock_refused: 'the object store does not lock objects as it should',
  denied: 'the object store refuses our login',
  corrupt: 'the object store has other bytes than it should',
  unusable: 'the object store cannot be used',
};
