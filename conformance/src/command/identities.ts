import { fromIni } from "@aws-sdk/credential-provider-ini";
import { defaultProvider } from "@aws-sdk/credential-provider-node";
import type { Identity } from "../wire/identity.ts";
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
