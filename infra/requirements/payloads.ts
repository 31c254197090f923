import { at, expected, type Json, listAt, textAt } from './json.ts';
import { statementsOf } from './statements.ts';
import type { Synthesised } from './synthesised.ts';
import { programOf, settingsOf, tasksOf } from './tasks.ts';

const purpose = 'quittance-temporal-payloads';

/** What of the encryption of payloads is not as it should be: which programs have the key, and who may do what with it. */
export function payloadProblems(synthesised: Synthesised): string[] {
  const { environment, resources } = synthesised;
  const key = synthesised.only('Security', 'AWS::KMS::Key', {
    Description: `Quittance, ${environment.name}: what Temporal keeps of workflows`,
  });
  const arn = `\${Security.${key.id}.Arn}`;
  const families = tasksOf(synthesised).map(({ properties }) => familyOf(synthesised, properties));
  const encrypting = families.filter((family) => /^(api|operator|transfers-|records-)/.test(family));
  const used = statementsOf(synthesised).filter(
    ({ kind, resources: on }) => kind === 'identity' && on.some((resource) => resource === arn),
  );
  // Temporal Cloud’s page cannot use one.
  const hasCodecServer = environment.name !== 'production';
  const page = resources('CodecServer', 'AWS::ECS::Service')[0];
  const group = String(
    listAt(page?.properties, 'NetworkConfiguration', 'AwsvpcConfiguration', 'SecurityGroups')[0] ?? '',
  );
  const ways = resources('*', 'AWS::EC2::SecurityGroupIngress').filter(
    ({ properties }) => String(properties['GroupId']) === group,
  );
  return [
    ...[...encrypting, ...(hasCodecServer ? ['codec-server'] : [])].flatMap((family) =>
      expected(
        `the key of ${family}`,
        settingsOf(synthesised, programOf(synthesised, family))['PAYLOAD_KMS_KEYS'],
        arn,
      ),
    ),
    ...used.flatMap(({ place, actions, condition }) => [
      ...expected(`what ${place} may`, actions.toSorted(), mayOf(place)),
      ...expected(`what ${place} says`, at(condition, 'StringEquals', 'kms:EncryptionContext:purpose'), purpose),
    ]),
    ...expected('roles that use it', used.length, encrypting.length + (hasCodecServer ? 1 : 0)),
    ...expected('codec servers', resources('CodecServer', 'AWS::ECS::Service').length, hasCodecServer ? 1 : 0),
    ...listAt(key.properties, 'KeyPolicy', 'Statement')
      .filter((statement) => textAt(statement, 'Sid') === 'UseByRoles')
      .flatMap((statement) =>
        expected(
          'what its policy wants said',
          at(statement, 'Condition', 'StringEquals', 'kms:EncryptionContext:purpose'),
          purpose,
        ),
      ),
    ...expected('ways to the codec server', hasCodecServer ? ways.length : 0, 0),
    ...expected('balancers before it', listAt(page?.properties, 'LoadBalancers').length, 0),
  ];
}

const familyOf = ({ environment }: Synthesised, properties: Json): string =>
  textAt(properties, 'Family').replace(`quittance-${environment.name}-`, '');

const mayOf = (place: string): Json[] =>
  place.startsWith('CodecServer.') ? ['kms:Decrypt'] : ['kms:Decrypt', 'kms:GenerateDataKey'];
