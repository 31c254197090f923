import * as ecs from 'aws-cdk-lib/aws-ecs';
import type { RegistryStack } from '../registry/stack.ts';

/** Our image by what is in it. A tag can move under a running service; a digest cannot. */
export const programImage = ({ repository }: RegistryStack, digest: string): ecs.ContainerImage =>
  ecs.ContainerImage.fromEcrRepository(repository, digest);
