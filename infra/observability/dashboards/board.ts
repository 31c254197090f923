import { Duration } from 'aws-cdk-lib';
import {
  Dashboard,
  GraphWidget,
  type IWidget,
  Metric,
  PeriodOverride,
  Row,
  TextWidget,
} from 'aws-cdk-lib/aws-cloudwatch';
import { Construct } from 'constructs';
import type { EnvironmentName } from '../../environment/schema.ts';
import { prefixOf } from '../../names.ts';
import type { Figure } from '../alarm-spec.ts';

/** One picture: a title and its curves by their names. `region`: where the figures are, when it is not the dashboard's. */
export type Graph = {
  title: string;
  curves: Readonly<Record<string, Figure>>;
  region?: string;
  periodSeconds?: number;
};

/** A page of pictures, three in a row. */
export class Board extends Construct {
  constructor(
    scope: Construct,
    id: string,
    props: { environment: EnvironmentName; name: string; about: string; graphs: readonly Graph[] },
  ) {
    super(scope, id);
    const { environment, name, about, graphs } = props;
    new Dashboard(this, 'Dashboard', {
      dashboardName: `${prefixOf(environment)}-${name}`,
      periodOverride: PeriodOverride.AUTO,
      widgets: [[new TextWidget({ markdown: about, width: 24, height: 2 })], ...inThrees(graphs.map(toWidget))],
    });
  }
}

const toWidget = ({ title, curves, region, periodSeconds = 60 }: Graph): IWidget =>
  new GraphWidget({
    title,
    width: 8,
    height: 6,
    ...(region !== undefined && { region }),
    left: Object.entries(curves).map(
      ([label, { namespace, name, dimensions, statistic }]) =>
        new Metric({
          namespace,
          metricName: name,
          dimensionsMap: { ...dimensions },
          statistic,
          label,
          period: Duration.seconds(periodSeconds),
          ...(region !== undefined && { region }),
        }),
    ),
  });

const inThrees = (widgets: readonly IWidget[]): IWidget[][] =>
  widgets.length === 0 ? [] : [[new Row(...widgets.slice(0, 3))], ...inThrees(widgets.slice(3))];
