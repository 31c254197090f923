import { Duration } from 'aws-cdk-lib';
import { HeadersFrameOption, HeadersReferrerPolicy, ResponseHeadersPolicy } from 'aws-cdk-lib/aws-cloudfront';
import { Construct } from 'constructs';
import type { EnvironmentName } from '../environment/schema.ts';
import { prefixOf } from '../names.ts';

/**
 * Headers of answers. The console's pages get all of them here, because a bucket sends none; they load what is theirs and nothing else.
 * The API writes its own for each answer (its docs pages have others than its JSON), so the edge adds to it only what must hold for the
 * whole name. CORS is the API's: one exact list in one place (CORS_ORIGINS).
 */
export class AnswerHeaders extends Construct {
  readonly console: ResponseHeadersPolicy;
  readonly api: ResponseHeadersPolicy;

  constructor(scope: Construct, id: string, props: { environment: EnvironmentName }) {
    super(scope, id);
    const prefix = prefixOf(props.environment);
    this.console = new ResponseHeadersPolicy(this, 'Console', {
      responseHeadersPolicyName: `${prefix}-console`,
      securityHeadersBehavior: {
        strictTransportSecurity,
        contentTypeOptions: { override: true },
        frameOptions: { frameOption: HeadersFrameOption.DENY, override: true },
        referrerPolicy: { referrerPolicy: HeadersReferrerPolicy.NO_REFERRER, override: true },
        contentSecurityPolicy: { contentSecurityPolicy, override: true },
      },
      customHeadersBehavior: {
        customHeaders: [
          {
            header: 'permissions-policy',
            value: 'camera=(), geolocation=(), microphone=(), payment=()',
            override: true,
          },
          { header: 'cross-origin-opener-policy', value: 'same-origin', override: true },
        ],
      },
    });
    this.api = new ResponseHeadersPolicy(this, 'Api', {
      responseHeadersPolicyName: `${prefix}-api`,
      securityHeadersBehavior: { strictTransportSecurity, contentTypeOptions: { override: true } },
    });
  }
}

const strictTransportSecurity = {
  accessControlMaxAge: Duration.days(730),
  includeSubdomains: true,
  preload: true,
  override: true,
};

const contentSecurityPolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "font-src 'self'",
  "connect-src 'self'",
  "form-action 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join('; ');
