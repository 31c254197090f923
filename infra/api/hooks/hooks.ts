import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import type * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as ecs from 'aws-cdk-lib/aws-ecs';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as logs from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { apiNameOf } from '../../edge/names.ts';
import { testPort } from '../../ingress/listeners.ts';
import type { IngressStack } from '../../ingress/stack.ts';
import type { MigrationStack } from '../../migration/stack.ts';
import type { OperatorStack } from '../../operator/stack.ts';
import { masking } from '../../service/masking.ts';
import { groupOf, type ProgramsProps } from '../../service/props.ts';

type HooksProps = ProgramsProps & { ingress: IngressStack; migration: MigrationStack; operator: OperatorStack };

type FunctionOptions = {
  handler: string;
  description: string;
  environment: Record<string, string>;
  statements: iam.PolicyStatement[];
};

/** What ECS asks while a release goes on, in the order in which it asks. */
export class ReleaseHooks extends Construct {
  readonly targets: ecs.IDeploymentLifecycleHookTarget[];
  readonly #props: HooksProps;
  readonly #group: ec2.ISecurityGroup;

  constructor(scope: Construct, id: string, props: HooksProps) {
    super(scope, id);
    this.#props = props;
    this.#group = groupOf(this, props.network, 'smoke');
    const isProduction = props.environment.name === 'production';
    const smoke = this.#smoke();
    this.targets = [
      ...(isProduction ? [this.#admission()] : []),
      new ecs.DeploymentLifecycleLambdaTarget(smoke, 'Smoke', {
        role: this.#caller('Smoke', smoke),
        lifecycleStages: [ecs.DeploymentLifecycleStage.POST_TEST_TRAFFIC_SHIFT],
      }),
    ];
  }

  /** The role by which ECS asks a function. CDK would make one while it writes the template, when no boundary can be put on it any longer. */
  #caller(id: string, called: lambda.IFunction): iam.Role {
    const role = new iam.Role(this, `${id}Caller`, {
      description: 'ECS asks the function while a release goes on',
      assumedBy: new iam.ServicePrincipal('ecs.amazonaws.com'),
    });
    role.addToPolicy(new iam.PolicyStatement({ actions: ['lambda:InvokeFunction'], resources: [called.functionArn] }));
    return role;
  }

  #admission(): ecs.IDeploymentLifecycleHookTarget {
    const { deployment, registry, migration } = this.#props;
    const { migrated } = migration;
    const admission = this.#function('Admission', {
      handler: 'admission.handler',
      description: 'Lets in only images that are signed and whose migrations were run',
      environment: {
        IMAGE_DIGEST: deployment.imageDigest,
        REPOSITORY: registry.repository.repositoryName,
        MIGRATED_PARAMETER: migrated.parameterName,
      },
      statements: [
        new iam.PolicyStatement({ actions: ['ssm:GetParameter'], resources: [migrated.parameterArn] }),
        new iam.PolicyStatement({
          actions: ['ecr:DescribeImageSigningStatus'],
          resources: [registry.repository.repositoryArn],
        }),
      ],
    });
    return new ecs.DeploymentLifecycleLambdaTarget(admission, 'AdmissionHook', {
      role: this.#caller('Admission', admission),
      lifecycleStages: [ecs.DeploymentLifecycleStage.PRE_SCALE_UP],
    });
  }

  #smoke(): lambda.IFunction {
    const { deployment, ingress, operator } = this.#props;
    const { smokeKey } = operator;
    return this.#function('Smoke', {
      handler: 'smoke.handler',
      description: 'Asks a release before clients do',
      environment: {
        BALANCER: ingress.balancer.loadBalancerDnsName,
        API_NAME: apiNameOf(deployment.domain),
        TEST_PORT: String(testPort),
        KEY_SECRET: smokeKey.secret.secretArn,
      },
      statements: smokeKey.read(),
    });
  }

  #function(id: string, { handler, description, environment, statements }: FunctionOptions): lambda.Function {
    const { network, security } = this.#props;
    const isThrowaway = this.#props.environment.name === 'development';
    const logGroup = new logs.LogGroup(this, `${id}Log`, {
      encryptionKey: security.keys.logs,
      retention: this.#props.environment.logs.days,
      dataProtectionPolicy: masking(),
      removalPolicy: isThrowaway ? RemovalPolicy.DESTROY : RemovalPolicy.RETAIN,
    });
    return new lambda.Function(this, `${id}Function`, {
      description,
      code: lambda.Code.fromAsset(import.meta.dirname, { exclude: ['*.ts', '*.mts'] }),
      handler,
      runtime: lambda.Runtime.NODEJS_24_X,
      architecture: lambda.Architecture.ARM_64,
      memorySize: 256,
      timeout: Duration.minutes(1),
      environment,
      role: this.#role(id, logGroup, statements),
      logGroup,
      loggingFormat: lambda.LoggingFormat.JSON,
      vpc: network.vpc,
      vpcSubnets: { subnetGroupName: 'private' },
      securityGroups: [this.#group],
      // One release at a time asks one question at a time.
      reservedConcurrentExecutions: 2,
      tracing: lambda.Tracing.ACTIVE,
    });
  }

  #role(id: string, logGroup: logs.LogGroup, statements: iam.PolicyStatement[]): iam.Role {
    const role = new iam.Role(this, `${id}Role`, {
      description: 'What the function may do',
      assumedBy: new iam.ServicePrincipal('lambda.amazonaws.com'),
    });
    for (const statement of [
      ...statements,
      new iam.PolicyStatement({
        actions: ['logs:CreateLogStream', 'logs:PutLogEvents'],
        resources: [logGroup.logGroupArn],
      }),
      // Lambda makes its interfaces in the network itself; these calls know no resource before there is one.
      new iam.PolicyStatement({
        sid: 'StandInTheNetwork',
        actions: [
          'ec2:CreateNetworkInterface',
          'ec2:DescribeNetworkInterfaces',
          'ec2:DescribeSubnets',
          'ec2:DeleteNetworkInterface',
          'ec2:AssignPrivateIpAddresses',
          'ec2:UnassignPrivateIpAddresses',
        ],
        resources: ['*'],
      }),
    ])
      role.addToPolicy(statement);
    return role;
  }
}
