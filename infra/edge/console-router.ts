import { problem } from './problem.ts';

/**
 * The code that CloudFront runs for requests that are not the API's. An address of a page of the console is its index file: the page
 * itself reads the address. That is done here and not by CloudFront's error pages, which would also turn refusals of the API into pages.
 * Under any other name than the console's there are no files, so a wrong address of the API is answered as the API would.
 */
export const consoleRouter = (consoleName: string): string => `
function handler(event) {
  var request = event.request;
  var host = request.headers.host ? request.headers.host.value : '';
  if (host !== '${consoleName}') return notFound;
  var file = request.uri.split('/').pop();
  if (file.indexOf('.') === -1) request.uri = '/index.html';
  return request;
}
var notFound = {
  statusCode: 404,
  statusDescription: 'Not Found',
  headers: {
    'content-type': { value: 'application/problem+json; charset=utf-8' },
    'cache-control': { value: 'no-store' }
  },
  body: {
    encoding: 'text',
    data: ${JSON.stringify(problem('not_found'))}
  }
};
`;
