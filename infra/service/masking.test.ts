import { describe, expect, test } from '@jest/globals';
import { schemes } from '../../domain/destination.ts';
import { readAssemblies } from '../check/assembly.ts';
import { at, listAt, textAt } from '../requirements/json.ts';
import { synthesised } from '../requirements/synthesised.ts';

/** The patterns as the template of the API's log has them: CloudWatch and JavaScript read these few signs alike. */
const [production] = readAssemblies().filter(({ environment }) => environment.name === 'production');
if (production === undefined) throw new Error('There is no production.');
const policy = synthesised(production).only('Api', 'AWS::Logs::LogGroup', { LogGroupName: '/quittance/production/api' })
  .properties['DataProtectionPolicy'];
const patterns = listAt(policy, 'Configuration', 'CustomDataIdentifier').map((each) => ({
  name: textAt(each, 'Name'),
  form: new RegExp(textAt(each, 'Regex')),
}));
const masked = (line: string): string[] => patterns.filter(({ form }) => form.test(line)).map(({ name }) => name);

describe('what is masked in a log', () => {
  test('an account of every scheme, under the names of code and of the wire', () => {
    for (const { example } of Object.values(schemes)) {
      expect(masked(JSON.stringify({ to: example }))).toEqual(
        expect.arrayContaining(['AccountNumber', 'RoutingNumber']),
      );
      const { accountNumber, routingNumber } = example;
      const wire = JSON.stringify({
        body: JSON.stringify({ account_number: accountNumber, routing_number: routingNumber }),
      });
      expect(masked(wire)).toEqual(expect.arrayContaining(['AccountNumber', 'RoutingNumber']));
    }
  });

  test('an IBAN, and the secret of a key', () => {
    expect(masked('{"msg":"to DE89370400440532013000"}')).toEqual(['Iban']);
    expect(masked(`{"msg":"qk_${'a'.repeat(51)}"}`)).toEqual(['ApiKey']);
  });

  test('nothing of an ordinary line: alarms are counted from what is left', () => {
    const line = {
      level: 'error',
      alarm: 'rail_unknown',
      route: 'POST /v1/transfers',
      status: 401,
      transfer: 'tr_01abc',
    };
    expect(masked(JSON.stringify(line))).toEqual([]);
  });

  test('patterns have only the signs that CloudWatch takes, and there are no more than ten', () => {
    expect(patterns.length).toBeGreaterThan(0);
    expect(patterns.length).toBeLessThanOrEqual(10);
    const strange = patterns.filter(
      ({ form }) => form.source.length > 200 || !/^[A-Za-z0-9_#=@/;, ^$?[\]{}|\\*+.-]+$/.test(form.source),
    );
    expect(strange).toEqual([]);
    expect(at(policy, 'Statement', 1, 'Operation', 'Deidentify')).toBeDefined();
  });
});
