import { dataPlaneUrl } from "@tributary/client";
import type { DestinationPlan } from "../config/destination-plan.ts";

/** Where deliveries of a destination go, as the client finds it: the configuration, the environment, AWS's own. */
export function deliveryUrl(destination: DestinationPlan, env: NodeJS.ProcessEnv): URL {
  const { endpoint, region, fips, dualStack } = destination;
  const own = endpoint ?? (env["AWS_ENDPOINT_URL_CLOUDTRAIL_DATA"] || env["AWS_ENDPOINT_URL"] || undefined);
  return dataPlaneUrl({
    Endpoint: own,
    Region: region,
    UseFIPS: own === undefined ? (fips ?? isTrue(env["AWS_USE_FIPS_ENDPOINT"])) : false,
    UseDualStack: own === undefined ? (dualStack ?? isTrue(env["AWS_USE_DUALSTACK_ENDPOINT"])) : false,
  });
}

const isTrue = (value: string | undefined): boolean => value?.toLowerCase() === "true";
