import { expect, test } from '@jest/globals';
import { takeForeign } from './environment.ts';

test.each([
  ...['http_proxy', 'HTTPS_PROXY', 'grpc_proxy', 'all_proxy', 'no_proxy', 'no_grpc_proxy'],
  ...['PGSSLMODE', 'PGOPTIONS', 'PGPASSWORD', 'PGCONNECT_TIMEOUT', 'PGSSLNEGOTIATION', 'NODE_PG_FORCE_NATIVE'],
  ...['AWS_ENDPOINT_URL', 'AWS_ACCESS_KEY_ID', 'AWS_PROFILE', 'AWS_REGION', 'AWS_CONFIG_FILE', 'AWS_MAX_ATTEMPTS'],
  ...['GRPC_TRACE', 'GRPC_DEFAULT_SSL_ROOTS_FILE_PATH', 'DEBUG', 'NODE_TLS_REJECT_UNAUTHORIZED'],
])('%s is taken out, and returned', (name) => {
  const environment = { [name]: 'x', PATH: '/bin' };
  expect(takeForeign(environment)).toEqual({ [name]: 'x' });
  expect(environment).toEqual({ PATH: '/bin' });
});

test.each([
  ...['AWS_CONTAINER_CREDENTIALS_RELATIVE_URI', 'AWS_WEB_IDENTITY_TOKEN_FILE', 'AWS_ROLE_ARN'],
  ...['PATH', 'HOME', 'NODE_EXTRA_CA_CERTS', 'SSL_CERT_FILE', 'TZ', 'LOG_LEVEL', 'DEBUGGER'],
])('%s stays', (name) => {
  const environment = { [name]: 'x' };
  expect(takeForeign(environment)).toEqual({});
  expect(environment).toEqual({ [name]: 'x' });
});
