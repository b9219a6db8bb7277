export interface EndpointChoice {
  readonly endpoint?: string | undefined;
  readonly fips?: boolean | undefined;
  readonly dualStack?: boolean | undefined;
}

/** Why an endpoint of one's own and AWS's kinds of endpoints do not go together, as in AWS's own rules; undefined where all is well. */
export function endpointConflict(choice: EndpointChoice, env: NodeJS.ProcessEnv): string | undefined {
  if (choice.endpoint === undefined) return undefined;
  for (const [kind, asked, variable] of [
    ["FIPS", choice.fips, "AWS_USE_FIPS_ENDPOINT"],
    ["dual stack", choice.dualStack, "AWS_USE_DUALSTACK_ENDPOINT"],
  ] as const)
    if (asked ?? env[variable]?.toLowerCase() === "true") {
      const who = asked === undefined ? `${variable} is true` : `${kind} is asked for`;
      return `${who}, which is a kind of AWS's endpoints, and there is an endpoint of your own`;
    }
  return undefined;
}
