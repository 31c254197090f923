import { expect, test } from '@jest/globals';
import { example } from '../environment/deployment.ts';
import { production } from '../environment/production.ts';
import type { Json } from './json.ts';
import { type Assembly, synthesised } from './synthesised.ts';

const assembly: Assembly = {
  environment: production,
  deployment: example,
  stacks: {
    Network: {
      name: 'production-Network',
      account: example.account,
      region: example.region,
      isProtected: true,
      template: {
        Resources: { Vpc1: { Type: 'AWS::EC2::VPC', Properties: { CidrBlock: '10.2.0.0/16' } } },
        Outputs: { VpcOut: { Value: { 'Fn::GetAtt': ['Vpc1', 'VpcId'] } } },
      },
    },
    Edge: {
      name: 'production-Edge',
      account: example.account,
      region: 'us-east-1',
      isProtected: false,
      template: { Resources: { Topic: { Type: 'AWS::SNS::Topic', Properties: {} } } },
    },
  },
};
const view = synthesised(assembly);

test.each<[Json, Json]>([
  [{ Ref: 'Topic' }, '${Edge.Topic}'],
  [{ 'Fn::GetAtt': ['Topic', 'TopicArn'] }, '${Edge.Topic.TopicArn}'],
  [
    { 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ':s3:::', { Ref: 'AWS::Region' }]] },
    'arn:aws:s3:::us-east-1',
  ],
  [
    { 'Fn::Sub': 'arn:${AWS::Partition}:sns:${AWS::Region}:${Topic.TopicName}' },
    'arn:aws:sns:us-east-1:${Edge.Topic.TopicName}',
  ],
  [{ 'Fn::Sub': ['${a}-${AWS::AccountId}', { a: { Ref: 'Topic' } }] }, '${Edge.Topic}-111111111111'],
  [{ 'Fn::Select': [1, { 'Fn::Split': [':', 'a:b:c'] }] }, 'b'],
  [
    { 'Fn::GetStackOutput': { StackName: 'production-Network', Region: example.region, OutputName: 'VpcOut' } },
    '${Network.Vpc1.VpcId}',
  ],
  [{ A: { Ref: 'AWS::NoValue' }, B: [1, { Ref: 'AWS::NoValue' }] }, { B: [1] }],
  [{ 'Fn::If': ['a', 'b', 'c'] }, { 'Fn::If': ['a', 'b', 'c'] }],
])('%j is read as %j', (value, read) => {
  expect(view.resolve('Edge', value)).toEqual(read);
});

test('a reference leads to its resource, also across stacks', () => {
  expect(view.target('${Network.Vpc1.VpcId}')?.properties).toEqual({ CidrBlock: '10.2.0.0/16' });
  expect(view.target('${Network.Other}')).toBeUndefined();
});

test('the only one of a type, or what there is instead', () => {
  expect(view.only('*', 'AWS::EC2::VPC').id).toBe('Vpc1');
  expect(() => view.only('Edge', 'AWS::EC2::VPC')).toThrow('Edge has 0 of AWS::EC2::VPC');
  expect(() => view.only('*', 'AWS::EC2::VPC', { CidrBlock: '10.0.0.0/16' })).toThrow('"CidrBlock":"10.0.0.0/16"');
});

test('a stack is protected when the manifest says so, and one that is not there is not', () => {
  expect(['Network', 'Edge', 'Nowhere'].map(view.isProtected)).toEqual([true, false, false]);
});
