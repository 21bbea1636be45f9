/** The AWS regions that a stage may be in, because they have what the product needs. */

/**
 * HTTP APIs, SES, and SMS through SNS, beside services that every region has.
 *
 * As of 2026-11: resource types of each region as in the data of cfn-lint 1.58
 * (https://github.com/aws-cloudformation/cfn-lint, src/cfnlint/data/schemas/providers), without those that lack AWS::SES
 * or AWS::ApiGatewayV2. Each other region has every type of a stage with everything on, but for Connect's; of me-south-1
 * the data of 1.51 are the last. SMS: "Supported countries and regions" of the SNS developer guide
 * (https://docs.aws.amazon.com/sns/latest/dg/sns-supported-regions-countries.html). A region that AWS has extended since
 * is added here after a look at both. China and the isolated regions have neither SES nor SMS.
 */
export const regions = [
  'af-south-1',
  'ap-northeast-1',
  'ap-northeast-3',
  'ap-south-1',
  'ap-south-2',
  'ap-southeast-1',
  'ap-southeast-2',
  'ap-southeast-3',
  'ca-central-1',
  'ca-west-1',
  'eu-central-1',
  'eu-central-2',
  'eu-north-1',
  'eu-south-1',
  'eu-west-1',
  'eu-west-2',
  'eu-west-3',
  'il-central-1',
  'me-central-1',
  'me-south-1',
  'sa-east-1',
  'us-east-1',
  'us-east-2',
  'us-gov-east-1',
  'us-gov-west-1',
  'us-west-1',
  'us-west-2',
] as const;
