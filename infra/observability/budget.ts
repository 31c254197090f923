import { CfnBudget } from 'aws-cdk-lib/aws-budgets';
import { Construct } from 'constructs';
import type { Environment } from '../environment/schema.ts';
import { prefixOf } from '../names.ts';

/** What the environment may cost in a month, by its own tag. Told at 80 % and at 100 % of it, and when the month will end above it. */
export class Budget extends Construct {
  constructor(scope: Construct, id: string, props: { environment: Environment; topicArn: string; email: string }) {
    super(scope, id);
    const { environment, topicArn, email } = props;
    const name = prefixOf(environment.name);
    new CfnBudget(this, 'Budget', {
      budget: {
        budgetName: name,
        budgetType: 'COST',
        timeUnit: 'MONTHLY',
        budgetLimit: { amount: environment.monthlyBudgetUsd, unit: 'USD' },
        costFilters: { TagKeyValue: [`user:quittance:environment$${environment.name}`] },
      },
      notificationsWithSubscribers: [
        { notificationType: 'ACTUAL', threshold: 80 },
        { notificationType: 'ACTUAL', threshold: 100 },
        { notificationType: 'FORECASTED', threshold: 100 },
      ].map((when) => ({
        notification: { ...when, comparisonOperator: 'GREATER_THAN', thresholdType: 'PERCENTAGE' },
        subscribers: [
          { subscriptionType: 'SNS', address: topicArn },
          { subscriptionType: 'EMAIL', address: email },
        ],
      })),
    });
  }
}
