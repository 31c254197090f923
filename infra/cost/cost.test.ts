import { describe, expect, test } from '@jest/globals';
import { readAssemblies } from '../check/assembly.ts';
import { at, listAt } from '../requirements/json.ts';
import { synthesised } from '../requirements/synthesised.ts';
import { assumptions } from './assumptions.ts';
import { costOf, dashboards, endpointCount, keys, totalOf, webRules } from './model.ts';
import { priceOf } from './prices.ts';
import { notRequired } from './required.ts';

const views = readAssemblies().map(synthesised);

describe.each(views.map((view) => [view.environment.name, view] as const))('%s', (name, view) => {
  const { environment } = view;
  const items = costOf(environment);

  test('a quiet month raises no warning of the budget, which begins at 80 %', () => {
    expect(totalOf(items).lowest).toBeLessThanOrEqual(0.8 * environment.monthlyBudgetUsd);
  });

  test('the model counts what the templates have', () => {
    const endpoints = view
      .resources('Network', 'AWS::EC2::VPCEndpoint', { VpcEndpointType: 'Interface' })
      .map(({ properties }) => listAt(properties, 'SubnetIds').length);
    const { services, zones } = endpointCount[environment.network.endpoints];
    expect([endpoints.length, ...new Set(endpoints)]).toEqual([services, zones]);
    expect(view.resources('*', 'AWS::EC2::NatGateway')).toHaveLength(environment.network.natGateways);
    const { properties } = view.only('Edge', 'AWS::WAFv2::WebACL');
    expect(listAt(properties, 'Rules')).toHaveLength(webRules);
    expect(view.resources('*', 'AWS::KMS::Key').length).toBeLessThanOrEqual(keys);
    expect(view.resources('*', 'AWS::CloudWatch::Dashboard')).toHaveLength(dashboards);
    expect(view.resources('*', 'AWS::CloudWatch::Alarm').length).toBeLessThanOrEqual(assumptions[name].alarms);
    expect(view.resources('*', 'AWS::SecretsManager::Secret').length).toBeLessThanOrEqual(assumptions[name].secrets);
  });

  test('every service has its row: as many tasks at least as the scaling has', () => {
    const least = view
      .resources('*', 'AWS::ApplicationAutoScaling::ScalableTarget')
      .map(({ properties }) => Number(at(properties, 'MinCapacity')));
    const { api, workers } = environment;
    const configured = api.tasks.min + workers.transfers.tasks.min + workers.records.tasks.min;
    expect(least.reduce((sum, count) => sum + count, 0)).toBeGreaterThanOrEqual(configured);
  });
});

test('more tasks cost more, Spot less, and a class without a price is an error', () => {
  const [view] = views;
  if (view === undefined) throw new Error('There are no environments.');
  const { environment } = view;
  const of = (change: Partial<typeof environment.api>): number =>
    costOf({ ...environment, api: { ...environment.api, ...change } }).find((item) => item.name === 'API')?.highest ??
    0;
  expect(of({ tasks: { min: 1, max: 4 } })).toBeGreaterThan(of({ tasks: { min: 1, max: 2 } }));
  expect(of({ spot: true })).toBeLessThan(of({ spot: false }));
  expect(() => priceOf('rds x9.huge')).toThrow('There is no price of rds x9.huge');
});

test('whatever the requirement leaves out is an item of the model', () => {
  const names = views.flatMap(({ environment }) => costOf(environment).map(({ name }) => name));
  expect(Object.keys(notRequired).filter((name) => !names.includes(name))).toEqual([]);
});
