import * as ours from "../src/index.ts";

/** The part of a client package that forwarder and conformance use: ours has it, and so has AWS's own. */
export type ClientModule = Pick<
  typeof ours,
  | "CloudTrailDataClient"
  | "PutAuditEventsCommand"
  | "CloudTrailDataServiceException"
  | "ChannelInsufficientPermission"
  | "ChannelNotFound"
  | "ChannelUnsupportedSchema"
  | "DuplicatedAuditEventId"
  | "InvalidChannelARN"
  | "UnsupportedOperationException"
>;

/** AWS's client where it is installed. The name is a variable so that nothing resolves it before. */
export async function official(): Promise<ClientModule | undefined> {
  const name = "@aws-sdk/client-cloudtrail-data";
  try {
    const module: ClientModule = await import(name);
    return module;
  } catch (error) {
    // Only where the package itself is missing: one that is there and broken fails the test.
    if (error instanceof Error && /(?:package|module|url) '?@aws-sdk\/client-cloudtrail-data'?/i.test(error.message))
      return undefined;
    throw error;
  }
}

export const implementations: readonly (readonly [name: string, module: ClientModule | undefined])[] = [
  ["@tributary/client", ours],
  ["@aws-sdk/client-cloudtrail-data", await official()],
];
