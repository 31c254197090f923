/**
 * Why a document was not drawn, though it may be next time. `timeout`: not within its limit; `crashed`: its thread ended; `busy`: too
 * many wait already; `closed`: the threads were closed.
 */
export type RenderFaultCode = 'timeout' | 'crashed' | 'busy' | 'closed';

/** A document that was not drawn. The same document may be tried again. */
export class RenderFault extends Error {
  override readonly name = 'RenderFault';
  readonly code: RenderFaultCode;

  constructor(code: RenderFaultCode, options?: ErrorOptions) {
    super(sentences[code], options);
    this.code = code;
  }
}

const sentences: Record<RenderFaultCode, string> = {
  timeout: 'the PDF was not drawn within its limit',
  crashed: 'the thread that drew the PDF ended',
  busy: 'too many PDFs wait to be drawn',
  closed: 'the threads that draw PDFs are closed',
};
