/** The limits of the threads that draw. */
export type RenderBounds = {
  /** For one document, the start of its thread included. The longest, of 5,000 postings, takes seconds. */
  documentMs: number;
  /** A thread ends after so many and another begins: what a library keeps by mistake has an end. */
  documentsPerThreadMax: number;
  /** Of one thread's heap, in MiB; a document of 5,000 postings needs a third. A thread that needs more ends, and its document with it. */
  heapMiBMax: number;
  /** Documents that may wait for a thread; more are refused as `busy`. Each is in memory. */
  waitingMax: number;
};

export const renderBounds: RenderBounds = {
  documentMs: 30_000,
  documentsPerThreadMax: 2_000,
  heapMiBMax: 1_024,
  waitingMax: 64,
};
