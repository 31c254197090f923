import type { ICertificate } from 'aws-cdk-lib/aws-certificatemanager';
import {
  AllowedMethods,
  type BehaviorOptions,
  CachedMethods,
  CachePolicy,
  Distribution,
  Function as EdgeFunction,
  FunctionCode,
  FunctionEventType,
  FunctionRuntime,
  HttpVersion,
  type IOrigin,
  OriginRequestPolicy,
  PriceClass,
  SecurityPolicyProtocol,
  ViewerProtocolPolicy,
} from 'aws-cdk-lib/aws-cloudfront';
import { Construct } from 'constructs';
import type { EnvironmentName } from '../environment/schema.ts';
import { prefixOf } from '../names.ts';
import { consoleRouter } from './console-router.ts';
import type { AnswerHeaders } from './headers.ts';
import { apiNameOf, consoleNameOf } from './names.ts';
import { apiPaths } from './paths.ts';

type EntranceProps = {
  environment: EnvironmentName;
  domain: string;
  certificate: ICertificate;
  firewall: { attrArn: string };
  headers: AnswerHeaders;
  api: IOrigin;
  console: IOrigin;
};

/** The one door: `app.` and `api.` on one distribution, the API's paths to the balancer, all others to the console's files. */
export class Entrance extends Construct {
  readonly distribution: Distribution;

  constructor(scope: Construct, id: string, props: EntranceProps) {
    super(scope, id);
    const { environment, domain, certificate, firewall } = props;
    const toApi = apiBehaviour(props);
    this.distribution = new Distribution(this, 'Distribution', {
      comment: `${prefixOf(environment)}: console and API`,
      domainNames: [consoleNameOf(domain), apiNameOf(domain)],
      certificate,
      minimumProtocolVersion: SecurityPolicyProtocol.TLS_V1_2_2021,
      httpVersion: HttpVersion.HTTP2_AND_3,
      enableIpv6: true,
      priceClass: PriceClass.PRICE_CLASS_ALL,
      webAclId: firewall.attrArn,
      defaultBehavior: consoleBehaviour(this, props),
      additionalBehaviors: Object.fromEntries(apiPaths.map(({ pattern }) => [pattern, toApi])),
      // No error pages: they would replace the API's refusals as well.
    });
  }
}

/** Nothing of the API is kept. Its cookie and all headers except the name reach it: that is its certificate's. */
const apiBehaviour = ({ api, headers }: EntranceProps): BehaviorOptions => ({
  origin: api,
  viewerProtocolPolicy: ViewerProtocolPolicy.REDIRECT_TO_HTTPS,
  allowedMethods: AllowedMethods.ALLOW_ALL,
  cachedMethods: CachedMethods.CACHE_GET_HEAD,
  cachePolicy: CachePolicy.CACHING_DISABLED,
  originRequestPolicy: OriginRequestPolicy.ALL_VIEWER_EXCEPT_HOST_HEADER,
  responseHeadersPolicy: headers.api,
});

const consoleBehaviour = (
  scope: Construct,
  { console, headers, domain, environment }: EntranceProps,
): BehaviorOptions => ({
  origin: console,
  viewerProtocolPolicy: ViewerProtocolPolicy.REDIRECT_TO_HTTPS,
  allowedMethods: AllowedMethods.ALLOW_GET_HEAD,
  cachedMethods: CachedMethods.CACHE_GET_HEAD,
  cachePolicy: CachePolicy.CACHING_OPTIMIZED,
  responseHeadersPolicy: headers.console,
  compress: true,
  functionAssociations: [
    {
      eventType: FunctionEventType.VIEWER_REQUEST,
      function: new EdgeFunction(scope, 'ConsoleRouter', {
        functionName: `${prefixOf(environment)}-console-router`,
        comment: 'Addresses of pages are the index file',
        code: FunctionCode.fromInline(consoleRouter(consoleNameOf(domain))),
        runtime: FunctionRuntime.JS_2_0,
      }),
    },
  ],
});
