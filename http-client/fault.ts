/** A fault that no system call reports: we ended the exchange ourselves, or it ended without an error. */
export class ExchangeFault extends Error {
  override readonly name = 'ExchangeFault';
  readonly code: 'timeout' | 'connect_timeout' | 'answer_too_large' | 'answer_not_http' | 'connection_closed';

  constructor(code: ExchangeFault['code']) {
    super(code);
    this.code = code;
  }
}

/** One word for a fault of the network, for people: the same whichever library or system call said it. */
export function faultCode(error: unknown): string {
  const code = fieldOf(error, 'code');
  // A reset names its system call; a connection that the other side closed in good order has the same code and none.
  if (code === 'ECONNRESET') return fieldOf(error, 'syscall') === '' ? 'connection_closed' : 'connection_reset';
  return code.startsWith('HPE_') ? 'answer_not_http' : (words[code] ?? 'connection_lost');
}

const words: Record<string, string> = {
  timeout: 'timeout',
  connect_timeout: 'connect_timeout',
  answer_too_large: 'answer_too_large',
  answer_not_http: 'answer_not_http',
  connection_closed: 'connection_closed',
  ECONNREFUSED: 'connection_refused',
  EHOSTUNREACH: 'unreachable',
  ENETUNREACH: 'unreachable',
  ETIMEDOUT: 'connect_timeout',
  ENOTFOUND: 'name_not_found',
  EAI_AGAIN: 'name_not_found',
  EPIPE: 'connection_closed',
  ERR_STREAM_PREMATURE_CLOSE: 'connection_closed',
};

/** Read by shape, not by class: another realm (jest) has another Error class. */
function fieldOf(error: unknown, name: 'code' | 'syscall'): string {
  const value: unknown = typeof error === 'object' && error !== null ? Reflect.get(error, name) : undefined;
  return typeof value === 'string' ? value : '';
}
