/** A repository as the calls of ECR name it. One of another account is named with that account. */
export function inRegistry(repository: string): { repositoryName: string; registryId?: string } {
  const [host = '', ...path] = repository.split('/');
  const [, account] = /^(\d{12})\.dkr\.ecr\./.exec(host) ?? [];
  return { repositoryName: path.join('/'), ...(account !== undefined && { registryId: account }) };
}
