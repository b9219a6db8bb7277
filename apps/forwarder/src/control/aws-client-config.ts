import { proxiedAgents } from "../network/proxied-agents.ts";

export interface AwsControlPlaneOptions {
  /** Undefined: the environment's or the profile's. */
  readonly region: string | undefined;
  /** Undefined: `AWS_ENDPOINT_URL_CLOUDTRAIL`, `AWS_ENDPOINT_URL`, else AWS's own. Of the token service too, unless it is AWS's. */
  readonly endpoint: string | undefined;
  /** Undefined: AWS_PROFILE, else the default one. */
  readonly profile: string | undefined;
  /** AWS's FIPS endpoint, and that of IPv4 and IPv6. Undefined: the environment or the profile says. */
  readonly fips?: boolean | undefined;
  readonly dualStack?: boolean | undefined;
  /** PEM of certificates that are trusted beside those of the system. */
  readonly ca?: string | undefined;
  /** Of the proxies; the process's by default. */
  readonly env?: NodeJS.ProcessEnv | undefined;
  /** Attempts of a call, the first one included. Default 8: AWS allows most operations once a second. */
  readonly attempts?: number | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Fixed credentials instead of the AWS chain; for tests. */
  readonly credentials?: { readonly accessKeyId: string; readonly secretAccessKey: string } | undefined;
}

/** What AWS's clients are made with. Throws `PROXY_INVALID`. */
export function awsClientConfig(options: AwsControlPlaneOptions) {
  const { endpoint, region, profile, attempts = 8, credentials, fips, dualStack, ca, env = process.env } = options;
  return {
    maxAttempts: attempts,
    requestHandler: {
      ...proxiedAgents({ ca, env }),
      connectionTimeout: 5000,
      requestTimeout: 30_000,
      throwOnRequestTimeout: true,
    },
    ...(fips !== undefined && { useFipsEndpoint: fips }),
    ...(dualStack !== undefined && { useDualstackEndpoint: dualStack }),
    ...(region !== undefined && { region }),
    ...(endpoint !== undefined && { endpoint }),
    ...(profile !== undefined && { profile }),
    ...(credentials !== undefined && { credentials }),
  };
}
