import { createApp } from './create-app.ts';
import { place } from './place.ts';

/**
 * What the CDK's command runs: all three environments, or the one of `--context environment=staging`, with the deployment's values of
 * `--context deployment=<file>`.
 */
place(createApp());
