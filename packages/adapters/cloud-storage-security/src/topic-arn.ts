/** ARNs of topics whose region SNS serves at `sns.<region>.amazonaws.com`: the partitions aws and aws-us-gov. */
export const topicArnPattern = "^arn:aws(?:-us-gov)?:sns:[a-z0-9-]{1,32}:\\d{12}:[A-Za-z0-9_-]{1,256}(?:\\.fifo)?$";

/** The host of the API of a topic's region. */
export function snsHost(topicArn: string): string {
  return `sns.${topicArn.split(":")[3]}.amazonaws.com`;
}
