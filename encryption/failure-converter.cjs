'use strict';
/**
 * Texts and stacks of errors as a payload, so that the codec encrypts them. Temporal's SDK loads this file by its path with `require`, into programs and into the
 * bundle of the workflows, so it is no module of the other kind.
 */
const { DefaultFailureConverter } = require('@temporalio/common');

exports.failureConverter = new DefaultFailureConverter({ encodeCommonAttributes: true });
