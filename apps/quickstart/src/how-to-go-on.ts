/**
 * Commands to paste into another terminal: the AWS CLI against the running lake. Version 1 of it and boto3 read the region from
 * `AWS_DEFAULT_REGION` alone, the SDKs of other languages from `AWS_REGION`.
 */
export function howToGoOn(facts: {
  readonly endpoint: string;
  readonly region: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly storeId: string;
  readonly channelArn: string;
  readonly externalId: string;
  readonly accountId: string;
}): string {
  const event = JSON.stringify({
    version: "1.0",
    userIdentity: { type: "User", principalId: "alice@example.com" },
    eventSource: "okta.system-log-events",
    eventName: "user.session.start",
    eventTime: "2026-11-20T12:00:00Z",
    UID: "by-hand-1",
    recipientAccountId: facts.accountId,
    sourceIPAddress: "192.0.2.10",
  });
  const entry = JSON.stringify([{ id: "by-hand-1", eventData: event }]);
  return `    Go on with the AWS CLI, in another terminal:

export AWS_ACCESS_KEY_ID=${facts.accessKeyId}
export AWS_SECRET_ACCESS_KEY=${facts.secretAccessKey}
export AWS_REGION=${facts.region} AWS_DEFAULT_REGION=${facts.region} AWS_ENDPOINT_URL=${facts.endpoint}

aws cloudtrail list-channels
aws cloudtrail-data put-audit-events --channel-arn ${facts.channelArn} \\
  --external-id ${facts.externalId} \\
  --audit-events '${entry}'
aws cloudtrail start-query --query-statement "SELECT eventTime, eventData.eventName, eventData.userIdentity.principalId FROM ${facts.storeId} ORDER BY eventTime DESC LIMIT 5"
aws cloudtrail get-query-results --query-id THE-ID-IT-PRINTED
`;
}
