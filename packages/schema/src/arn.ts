import { TributaryError } from "./tributary-error.ts";

/** The parts of `arn:{partition}:{service}:{region}:{account}:{resource}`. */
export interface Arn {
  readonly partition: string;
  readonly service: string;
  /** Empty for global services such as IAM. */
  readonly region: string;
  readonly accountId: string;
  /** All after the fifth colon, for instance `channel/0c1d…`. */
  readonly resource: string;
}

/** Splits an ARN. Answers undefined for text that is not one. No service's own rules are applied. Spec 1.6, 2.2. */
export function parseArn(text: string): Arn | undefined {
  const parts = text.split(":");
  if (parts.length < 6 || parts[0] !== "arn") return undefined;
  const [, partition = "", service = "", region = "", accountId = ""] = parts;
  const resource = parts.slice(5).join(":");
  if (partition === "" || service === "" || resource === "") return undefined;
  if (accountId !== "" && !/^\d{12}$/.test(accountId) && accountId !== "aws") return undefined;
  return { partition, service, region, accountId, resource };
}

/** The inverse of {@link parseArn}. */
export function formatArn(arn: Arn): string {
  return `arn:${arn.partition}:${arn.service}:${arn.region}:${arn.accountId}:${arn.resource}`;
}

/** `channel/{id}` or `eventdatastore/{id}` under the CloudTrail service. */
export interface CloudTrailArn extends Arn {
  readonly type: (typeof types)[number];
  readonly id: string;
}

const types = ["channel", "eventdatastore", "dashboard", "trail"] as const;

/** Parses an ARN of CloudTrail. Answers undefined for any other text. Ids are `[A-Za-z0-9._/-]+` (spec 1.6). */
export function parseCloudTrailArn(text: string): CloudTrailArn | undefined {
  const arn = parseArn(text);
  if (arn?.service !== "cloudtrail" || arn.accountId === "" || arn.region === "") return undefined;
  const type = types.find((name) => arn.resource.startsWith(`${name}/`));
  if (type === undefined) return undefined;
  const id = arn.resource.slice(type.length + 1);
  return /^[A-Za-z0-9._/-]+$/.test(id) ? { ...arn, type, id } : undefined;
}

/** Builds a channel's or a store's ARN. Throws `ARN_INVALID` for parts that cannot stand in one. */
export function cloudTrailArn(parts: {
  readonly partition?: string;
  readonly region: string;
  readonly accountId: string;
  readonly type: CloudTrailArn["type"];
  readonly id: string;
}): string {
  const text = formatArn({
    partition: parts.partition ?? "aws",
    service: "cloudtrail",
    region: parts.region,
    accountId: parts.accountId,
    resource: `${parts.type}/${parts.id}`,
  });
  if (!parseCloudTrailArn(text))
    throw new TributaryError(`${text} is not a CloudTrail ARN: check region, 12-digit account and id.`, {
      code: "ARN_INVALID",
    });
  return text;
}
