import { ListObjectVersionsCommand, type ListObjectVersionsOutput, type S3Client } from '@aws-sdk/client-s3';
import type { Backend } from '../backend.ts';
import type { Area, ListedVersion } from '../port.ts';
import { toStorageFault } from './faults.ts';

type Bucket = { Bucket: string; ExpectedBucketOwner?: string };

/** What is under a key or a prefix, by S3's list of versions. */
export function createListing(client: S3Client, bucketOf: (area: Area) => Bucket): Pick<Backend, 'find' | 'versions'> {
  async function list(area: Area, page: object, abortSignal: AbortSignal): Promise<ListObjectVersionsOutput> {
    try {
      return await client.send(new ListObjectVersionsCommand({ ...bucketOf(area), ...page }), { abortSignal });
    } catch (error) {
      throw toStorageFault(error);
    }
  }
  return {
    find: async ({ area, key }, signal) => {
      const { Versions = [] } = await list(area, { Prefix: key }, signal);
      // Newest first; the oldest is what was put, later ones are somebody else's. Longer keys may begin with this one.
      return Versions.findLast((version) => version.Key === key)?.VersionId ?? null;
    },
    versions: async ({ area, prefix, after, pageMax }, signal) => {
      const page = { Prefix: prefix, MaxKeys: pageMax, ...(after !== null && markersOf(after)) };
      const found = await list(area, page, signal);
      const isNew = ({ key, versionId }: ListedVersion) => `${key} ${versionId}` !== after;
      // Some servers begin a page with the last version of the page before.
      return { versions: listedOf(area, found).filter(isNew), next: nextOf(found) };
    },
  };
}

/** By key; the versions and markers of one key stand together, in no promised order. */
function listedOf(area: Area, { Versions = [], DeleteMarkers = [] }: ListObjectVersionsOutput): ListedVersion[] {
  const toListed = (isMarker: boolean) => (found: { Key?: string | undefined; VersionId?: string | undefined }) => ({
    ...{ area, isMarker },
    key: found.Key ?? '',
    versionId: found.VersionId ?? '',
  });
  const all = [...Versions.map(toListed(false)), ...DeleteMarkers.map(toListed(true))];
  return all.toSorted((a, b) => Buffer.compare(Buffer.from(a.key), Buffer.from(b.key)));
}

/** Where the next page begins: a key, and a version of it. Neither has a space. */
function nextOf({
  IsTruncated,
  NextKeyMarker = '',
  NextVersionIdMarker = '',
}: ListObjectVersionsOutput): string | null {
  return IsTruncated ? `${NextKeyMarker} ${NextVersionIdMarker}` : null;
}

function markersOf(next: string): { KeyMarker: string; VersionIdMarker?: string } {
  const [key = '', version = ''] = next.split(' ');
  return { KeyMarker: key, ...(version !== '' && { VersionIdMarker: version }) };
}
