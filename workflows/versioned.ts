import { setWorkflowOptions } from '@temporalio/workflow';
import { versioningBehaviors } from './contract/versioning.ts';
import {
  archiving,
  delivery,
  dispatch,
  dueGroup,
  housekeeping,
  inquiry,
  statementRun,
  statementRuns,
  sweep,
  transferGroup,
} from './index.ts';

/** Which version of the workers carries on its runs. */
const options = (name: keyof typeof versioningBehaviors) => ({ versioningBehavior: versioningBehaviors[name] });
setWorkflowOptions(options('archiving'), archiving);
setWorkflowOptions(options('delivery'), delivery);
setWorkflowOptions(options('statementRun'), statementRun);
setWorkflowOptions(options('statementRuns'), statementRuns);
setWorkflowOptions(options('dispatch'), dispatch);
setWorkflowOptions(options('dueGroup'), dueGroup);
setWorkflowOptions(options('transferGroup'), transferGroup);
setWorkflowOptions(options('inquiry'), inquiry);
setWorkflowOptions(options('housekeeping'), housekeeping);
setWorkflowOptions(options('sweep'), sweep);

/** The entry of the bundle for workers that have a version: Temporal takes no behavior from one that has none. */
export * from './index.ts';
