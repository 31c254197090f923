import { tmpdir } from 'node:os';
import { exampleCurl, makeSample } from '../operator/sample.ts';

/**
 * `docker compose run --rm sample`: what `npm start` makes, and the line that it prints at its end, for the copy in containers.
 * DATABASE_URL is the owner's login; API_URL is where the API answers inside, API_LINK where it does for the person outside.
 */
const { DATABASE_URL: owner = '', API_URL: api = '', API_LINK: link = '' } = process.env;
// Nothing is kept in a container that goes: each call makes another key for the same people.
const sample = await makeSample({ owner, api, folder: tmpdir() });
process.stdout.write(`${exampleCurl({ ...sample, api: link })}\n`);
