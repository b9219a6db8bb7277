import { awsControlPlane } from "../control/aws-control-plane.ts";
import type { ControlPlane } from "../control/control-plane.ts";
import { isAwsHost } from "../control/is-aws-host.ts";
import { messageOf } from "../config/message-of.ts";
import { authority } from "../network/authority.ts";
import { checkEndpoint } from "./channel-options.ts";
import type { Io } from "./command.ts";
import { usageError } from "./usage-error.ts";

/** The options that say which control plane is meant. */
export const controlArguments = {
  endpoint: { type: "string" },
  region: { type: "string" },
  profile: { type: "string" },
  ca: { type: "string" },
} as const;

export const controlHelp = `  --endpoint URL          another server than AWS's: your own lake. Default: AWS_ENDPOINT_URL
  --region REGION         default: AWS_REGION, else the profile's
  --profile NAME          of the AWS configuration. Default: AWS_PROFILE
  --ca FILE               PEM of certificates that are trusted beside the system's, for a lake of your own`;

interface Values {
  readonly endpoint?: string | undefined;
  readonly region?: string | undefined;
  readonly profile?: string | undefined;
  readonly ca?: string | undefined;
}

/** The control plane that a command line means. Throws USAGE. */
export async function openControlPlane(
  { endpoint, region, profile, ca }: Values,
  { env, signal }: Pick<Io, "env" | "signal">,
): Promise<ControlPlane> {
  if (region !== undefined && !/^[a-z0-9-]{1,32}$/.test(region))
    throw usageError(`--region takes the name of a region, such as us-east-1, not ${region}.`);
  return awsControlPlane({
    endpoint: checkEndpoint(endpoint),
    // Version 1 of the AWS CLI and boto3 read this one; AWS's clients of JavaScript do not.
    region:
      region ?? (profile === undefined && env["AWS_REGION"] === undefined ? env["AWS_DEFAULT_REGION"] : undefined),
    profile,
    ca: ca === undefined ? undefined : trusted(ca),
    env,
    signal,
  });
}

function trusted(file: string): string {
  try {
    return authority(file);
  } catch (error) {
    throw usageError(`--ca: ${messageOf(error)}.`);
  }
}

/** The lake that a command line means; undefined where it is AWS. */
export function lakeEndpoint({ endpoint }: Values, env: NodeJS.ProcessEnv): string | undefined {
  const url = endpoint ?? (env["AWS_ENDPOINT_URL_CLOUDTRAIL"] || env["AWS_ENDPOINT_URL"] || undefined);
  return url === undefined || isAwsHost(url) ? undefined : url;
}
