import { development } from '../environment/development.ts';
import { production } from '../environment/production.ts';
import type { Environment } from '../environment/schema.ts';
import { staging } from '../environment/staging.ts';
import { assumptions } from './assumptions.ts';
import { costOf, type Item, totalOf } from './model.ts';
import { prices, pricesOf } from './prices.ts';
import { notRequired, required } from './required.ts';

const environments: readonly Environment[] = [development, staging, production];

/** docs/aws/cost.md: what a month of each environment costs, computed from its configuration, beside what requirement 001 says. */
export function costDocument(): string {
  return `# What a month costs

Made by \`npm run infra:check -- --write\` from the configurations (\`infra/environment/\`) and \`infra/cost/\`. The prices are list prices of us-east-1 in
US dollars, **recalled on ${pricesOf} and not looked up**: compare them with the price list before you plan a budget. *Least* is with as few tasks as the
configuration allows, *most* with as many. Traffic is little, and written down below; tax, support and discounts are left out.

${environments.map(environmentPart).join('\n\n')}

## Against requirement 001

${comparison()}

The requirement's totals hold an API, a database, a balancer, NAT, a bucket and an edge. What they leave out:

${differences()}

What makes a month cheaper, in the order of what it saves: Spot for development and staging (on), tasks of development stopped at night and at
weekends (on; the hours are in the assumptions), one NAT gateway instead of two outside production (on), interface endpoints off where a NAT gateway
exists (\`network.endpoints\`), reserved instances for a year (bought in the console, not by code), a shared database for staging's Temporal.

## Assumptions

${assumptionTable()}

## Prices

| what | US dollars | per |
| --- | ---: | --- |
${Object.entries(prices)
  .map(([name, { usd, per }]) => `| ${name} | ${usd} | ${per} |`)
  .join('\n')}
`;
}

function environmentPart(environment: Environment): string {
  const items = costOf(environment);
  const { lowest, highest } = totalOf(items);
  return `## ${environment.name}

| item | least | most | how |
| --- | ---: | ---: | --- |
${items.map((item) => `| ${item.name} | ${dollars(item.lowest)} | ${dollars(item.highest)} | ${item.how} |`).join('\n')}
| **total** | **${dollars(lowest)}** | **${dollars(highest)}** | budget with its warnings at 80 and 100 %: ${environment.monthlyBudgetUsd} |`;
}

function comparison(): string {
  const rows = environments.map((environment) => {
    const items = costOf(environment);
    const both = totalOf(items.filter(({ name }) => notRequired[name] === undefined));
    const all = totalOf(items);
    const { total, nat } = required[environment.name];
    return `| ${environment.name} | ${total} | ${range(both)} | ${range(all)} | ${nat} | ${dollars(natOf(items))} |`;
  });
  return `| environment | requirement's total | ours, of what it counts | ours, all | its NAT | our NAT |
| --- | ---: | ---: | ---: | ---: | ---: |
${rows.join('\n')}`;
}

function differences(): string {
  const rows = Object.entries(notRequired).map(([name, why]) => {
    const costs = environments.map((environment) => {
      const item = costOf(environment).find((one) => one.name === name);
      return item === undefined ? '–' : dollars(item.lowest);
    });
    return `| ${name} | ${costs.join(' | ')} | ${why} |`;
  });
  return `| item | ${environments.map(({ name }) => name).join(' | ')} | why |
| --- | ---: | ---: | ---: | --- |
${rows.join('\n')}`;
}

function assumptionTable(): string {
  const names = Object.entries(meanings);
  const rows = names.map(
    ([name, meaning]) =>
      `| ${meaning} | ${environments.map((environment) => assumed(environment, name)).join(' | ')} |`,
  );
  return `| | ${environments.map(({ name }) => name).join(' | ')} |
| --- | ---: | ---: | ---: |
${rows.join('\n')}`;
}

const meanings = {
  awakeHours: 'hours of a month in which tasks run, of 730',
  balancerUnits: 'capacity units of the balancer',
  natGib: 'GiB through the NAT gateways',
  logGib: 'GiB of logs',
  objectGib: 'GiB of objects',
  databaseGib: 'GiB of the database, for copies and for Aurora',
  alarms: 'alarms',
  secrets: 'secrets',
};

const assumed = ({ name }: Environment, wanted: string): string =>
  String(Object.entries(assumptions[name]).find(([key]) => key === wanted)?.[1] ?? '');

const natOf = (items: readonly Item[]): number => items.find(({ name }) => name === 'NAT gateways')?.lowest ?? 0;
const dollars = (usd: number): string => String(Math.round(usd));
const range = ({ lowest, highest }: { lowest: number; highest: number }): string =>
  Math.round(lowest) === Math.round(highest) ? dollars(lowest) : `${dollars(lowest)}–${dollars(highest)}`;
