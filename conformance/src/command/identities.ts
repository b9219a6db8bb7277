import { fromIni } from "@aws-sdk/credential-provider-ini";
import { defaultProvider } from "@aws-sdk/credential-provider-node";
import { shown } from "../core/unmet.ts";
import type { Identity, RoleSession } from "../wire/identity.ts";
import type { Subject } from "../wire/subject.ts";
import { Wire } from "../wire/wire.ts";
import { UsageError } from "./usage-error.ts";

/**
 * Credentials of the AWS chain: a named profile, or the environment, the shared files and so on, as every AWS tool finds them. They
 * never stand on the command line. The account is known where the chain tells it, else empty.
 */
export async function identityOf(profile: string | undefined): Promise<Identity> {
  try {
    const provider = profile === undefined ? defaultProvider() : fromIni({ profile });
    const { accessKeyId, secretAccessKey, sessionToken, accountId = "" } = await provider();
    return { accessKeyId, secretAccessKey, sessionToken, accountId };
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new UsageError(
      `There are no credentials: ${why}. Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or name a profile.`,
      { cause: error },
    );
  }
}

/**
 * Credentials of a role's session in a named profile. Whose session it is the server's token service is asked (sts:GetCallerIdentity).
 * Throws `UsageError` where it is none.
 */
export async function roleSessionOf(profile: string, subject: Subject): Promise<RoleSession> {
  const identity = await identityOf(profile);
  const { text } = await new Wire(subject).send(
    "sts",
    {
      method: "POST",
      target: "/",
      headers: [["Content-Type", "application/x-www-form-urlencoded; charset=utf-8"]],
      body: Buffer.from("Action=GetCallerIdentity&Version=2011-06-15"),
    },
    { as: identity },
  );
  const [sessionArn, partition, accountId, role] =
    /arn:([\w-]+):sts::(\d{12}):assumed-role\/([\w+=,.@-]{1,64})\/[\w+=,.@-]{2,64}/.exec(text) ?? [];
  if (sessionArn === undefined || accountId === undefined)
    throw new UsageError(
      `The profile ${profile} is no session of a role: sts:GetCallerIdentity answers ${shown(text)}`,
    );
  return { ...identity, accountId, sessionArn, roleArn: `arn:${partition}:iam::${accountId}:role/${role}` };
}
