import { cloudTrailArn, parseCloudTrailArn } from "@tributary/schema";
import { WireError } from "../http/wire-error.ts";

/**
 * The ARN and owner of the channel a request names: an ARN of this endpoint's region, or an id, which is one of the
 * caller's own account only. Throws InvalidChannelARN. Spec 1.3, 1.6.
 */
export function channelOf(
  text: string,
  region: string,
  callerAccountId: string,
): { readonly arn: string; readonly accountId: string } {
  if (text.startsWith("arn:")) {
    const arn = parseCloudTrailArn(text);
    if (arn?.type === "channel" && arn.partition === "aws" && arn.region === region && arn.accountId !== "aws")
      return { arn: text, accountId: arn.accountId };
  } else if (/^[A-Za-z0-9._/-]{1,200}$/.test(text)) {
    return {
      arn: cloudTrailArn({ region, accountId: callerAccountId, type: "channel", id: text }),
      accountId: callerAccountId,
    };
  }
  throw new WireError(
    "InvalidChannelARN",
    `channelArn must be arn:aws:cloudtrail:${region}:ACCOUNT:channel/ID, or the id of a channel of your account.`,
    { status: 400 },
  );
}
