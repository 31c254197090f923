/** What keeps an image out. `migrated`: the digests whose migrations were run, a comma list with the newest first. */
export function problemsOf({ digest, migrated, signing }) {
  const problems = [];
  if (!migrated.split(',').includes(digest)) problems.push('its migrations were not run');
  if (!signing.some(({ status }) => status === 'COMPLETE')) problems.push('it is not signed');
  return problems;
}
