import { parseCloudTrailArn } from "@tributary/schema";
import { usageError } from "./usage-error.ts";

/** The channel and the region it is in; a wrong one is found before anything is read. */
export function channelOf(channelArn: string | undefined): {
  readonly channelArn: string;
  readonly region: string;
  readonly accountId: string;
} {
  if (channelArn === undefined) throw usageError("--channel-arn is missing.");
  const arn = parseCloudTrailArn(channelArn);
  if (arn?.type !== "channel")
    throw usageError(`--channel-arn takes arn:aws:cloudtrail:REGION:ACCOUNT:channel/ID, not ${channelArn}.`);
  return { channelArn, region: arn.region, accountId: arn.accountId };
}

/** Spec 1.1: 2 to 1224 of word characters and + = , . @ : / - */
export function checkExternalId(externalId: string | undefined): string | undefined {
  if (externalId !== undefined && !/^[\w+=,.@:/-]{2,1224}$/.test(externalId))
    throw usageError("--external-id takes 2 to 1224 of A-Z a-z 0-9 _ + = , . @ : / -");
  return externalId;
}

/** A base URL; anything else would only be found out request by request. */
export function checkEndpoint(endpoint: string | undefined): string | undefined {
  if (endpoint === undefined) return undefined;
  const url = URL.parse(endpoint);
  if (url === null || !/^https?:$/.test(url.protocol))
    throw usageError(`--endpoint takes an http or https URL, not ${endpoint}.`);
  if (url.username !== "" || url.password !== "")
    throw usageError("--endpoint takes no user or password: credentials come from the AWS chain.");
  return endpoint;
}

export function clientChoice(choice: string | undefined): "auto" | "aws-sdk" | "built-in" | undefined {
  if (choice === undefined || choice === "auto" || choice === "aws-sdk" || choice === "built-in") return choice;
  throw usageError(`--client takes auto, aws-sdk or built-in, not ${choice}.`);
}
