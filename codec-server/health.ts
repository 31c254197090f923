import type { HttpClient } from '../http-client/http-client.ts';

/** What bounds one look at the API. A slower answer counts as none. */
const lookLimits = { timeoutMs: 1_000, connectMs: 500, bytesMax: 4_096 };
/** The address is open to everybody who gets here, so the answer is kept for a moment. */
const keepMs = 1_000;

/** Whether the API answers, without which nobody is let in. Never throws. */
export function createHealth(client: HttpClient, apiUrl: string): () => Promise<boolean> {
  let kept: { answer: Promise<boolean>; until: number } | null = null;
  const look = async (): Promise<boolean> => {
    const answer = await client.exchange({ method: 'GET', url: `${apiUrl}/ping` }, lookLimits);
    return answer.end === 'answered' && answer.status === 200;
  };
  return () => {
    const now = performance.now();
    if (kept === null || kept.until <= now) kept = { answer: look(), until: now + keepMs };
    return kept.answer;
  };
}
