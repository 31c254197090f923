import { CfnRegistryScanningConfiguration } from 'aws-cdk-lib/aws-ecr';
import { Construct } from 'constructs';

export type ScanningProps = { repository: string; isContinuous: boolean };

/**
 * Images are scanned for known weaknesses: continuously in production, by Inspector, because one that was found today is in the image of
 * last month; elsewhere when they are pushed. The configuration is the registry's, of which an account has one.
 */
export class ImageScanning extends Construct {
  constructor(scope: Construct, id: string, { repository, isContinuous }: ScanningProps) {
    super(scope, id);
    new CfnRegistryScanningConfiguration(this, 'Configuration', {
      scanType: isContinuous ? 'ENHANCED' : 'BASIC',
      rules: [
        {
          scanFrequency: isContinuous ? 'CONTINUOUS_SCAN' : 'SCAN_ON_PUSH',
          repositoryFilters: [{ filter: repository, filterType: 'WILDCARD' }],
        },
      ],
    });
  }
}
