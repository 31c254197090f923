import { CustomDataIdentifier, DataIdentifier, DataProtectionPolicy } from 'aws-cdk-lib/aws-logs';

/**
 * What nobody reads in a log without the right to (`logs:Unmask`), should a line have it by mistake: accounts at banks under the names that
 * the platform gives them, keys of the API, and what AWS recognises by itself. CloudWatch takes no brackets and no quotes in a pattern, so
 * `.` stands for what is between a name and its value in JSON, also where a text of JSON stands in another.
 */
const identifiers: readonly DataIdentifier[] = [
  new CustomDataIdentifier('AccountNumber', 'account_?[Nn]umber.{1,6}[0-9A-Za-z-]{1,34}'),
  new CustomDataIdentifier('RoutingNumber', 'routing_?[Nn]umber.{1,6}[0-9]{9}'),
  new CustomDataIdentifier('Iban', '\\b[A-Z]{2}[0-9]{2}[A-Z0-9]{11,30}\\b'),
  new CustomDataIdentifier('ApiKey', 'qk_[A-Za-z0-9_-]{51}'),
  DataIdentifier.EMAILADDRESS,
  DataIdentifier.CREDITCARDNUMBER,
  DataIdentifier.AWSSECRETKEY,
  DataIdentifier.PKCSPRIVATEKEY,
];

/** The policy of a log that programs or databases write lines into. Figures have none: a masked number would be a wrong one. */
export const masking = (): DataProtectionPolicy =>
  new DataProtectionPolicy({
    name: 'masking',
    description: 'Accounts at banks, keys and addresses that got into a line are not shown.',
    identifiers: [...identifiers],
  });
