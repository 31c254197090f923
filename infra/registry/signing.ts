import { CfnSigningConfiguration } from 'aws-cdk-lib/aws-ecr';
import { CfnSigningProfile } from 'aws-cdk-lib/aws-signer';
import { Construct } from 'constructs';

/** ECR signs each image as it is pushed, with keys that nobody holds; admission asks for the signature before a release gets traffic. */
export class ImageSigning extends Construct {
  constructor(scope: Construct, id: string, { repository }: { repository: string }) {
    super(scope, id);
    const profile = new CfnSigningProfile(this, 'Profile', { platformId: 'Notation-OCI-SHA384-ECDSA' });
    new CfnSigningConfiguration(this, 'Configuration', {
      rules: [
        {
          signingProfileArn: profile.attrArn,
          repositoryFilters: [{ filter: repository, filterType: 'WILDCARD_MATCH' }],
        },
      ],
    });
  }
}
