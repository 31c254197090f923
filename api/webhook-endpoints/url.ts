import { ok } from '../../domain/result.ts';
import { type WebhookUrlRules, webhookUrlProblem } from '../../domain/webhook-url.ts';
import { type HttpResult, refused } from '../http/answer.ts';

/** Refuses a URL that can never work, so that the client gets the error now. The URL in its normal form. Refusal: `validation_failed`. */
export function checkUrl(text: string, rules: WebhookUrlRules): HttpResult<string> {
  const message = webhookUrlProblem(text, rules);
  return message === null
    ? ok(new URL(text).href)
    : refused('validation_failed', { errors: [{ pointer: '/url', code: 'invalid_value', message }] });
}
