import { partition } from "@aws-sdk/core/client";

/** What decides where requests go. */
export interface EndpointParameters {
  /** A custom endpoint: the option's, the environment's or the profile's. */
  readonly Endpoint?: string | undefined;
  readonly Region?: string | undefined;
  readonly UseFIPS?: boolean | undefined;
  readonly UseDualStack?: boolean | undefined;
}

/**
 * The base URL of the data plane, by AWS's own rule set: a custom endpoint as it is, else
 * `cloudtrail-data[-fips].{region}.{suffix}` with the suffixes of the region's partition. Spec 5.
 * Throws when the parts contradict each other, in the words of AWS's clients.
 */
export function dataPlaneUrl({ Endpoint, Region, UseFIPS, UseDualStack }: EndpointParameters): URL {
  if (Endpoint !== undefined) {
    if (UseFIPS === true)
      throw new Error("Invalid Configuration: FIPS and custom endpoint are not supported. Drop one of the two.");
    if (UseDualStack === true)
      throw new Error("Invalid Configuration: Dualstack and custom endpoint are not supported. Drop one of the two.");
    return baseUrl(Endpoint);
  }
  if (Region === undefined || Region === "")
    throw new Error("Invalid Configuration: Missing Region. Set the option region or AWS_REGION.");
  const { dnsSuffix, dualStackDnsSuffix, supportsFIPS, supportsDualStack, name } = partition(Region);
  if (UseFIPS === true && !supportsFIPS)
    throw new Error(`FIPS is enabled but the partition ${name} of ${Region} does not support FIPS.`);
  if (UseDualStack === true && !supportsDualStack)
    throw new Error(`DualStack is enabled but the partition ${name} of ${Region} does not support DualStack.`);
  const prefix = UseFIPS === true ? "cloudtrail-data-fips" : "cloudtrail-data";
  return new URL(`https://${prefix}.${Region}.${UseDualStack === true ? dualStackDnsSuffix : dnsSuffix}`);
}

/** The URL of a custom endpoint. Throws for what is none: `localhost:8080` is a URL whose scheme is `localhost`. */
export function baseUrl(endpoint: string): URL {
  const url = URL.canParse(endpoint) ? new URL(endpoint) : undefined;
  if (url?.protocol !== "http:" && url?.protocol !== "https:")
    throw new Error(
      `The endpoint ${JSON.stringify(endpoint)} is not an http: or https: URL, as http://127.0.0.1:8080 is.`,
    );
  return url;
}
