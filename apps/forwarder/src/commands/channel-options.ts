import { parseCloudTrailArn } from "@tributary/schema";
import type { ClientSenderOptions } from "../delivery/client-sender.ts";
import { endpointConflict } from "../delivery/endpoint-conflict.ts";
import { RequestRate, usualRate } from "../delivery/request-rate.ts";
import { authority } from "../network/authority.ts";
import { usageError, wholeNumber } from "./usage-error.ts";

/** Arguments that say where events go. */
export const channelArguments = {
  "channel-arn": { type: "string" },
  "external-id": { type: "string" },
  endpoint: { type: "string" },
  region: { type: "string" },
  fips: { type: "boolean" },
  "dual-stack": { type: "boolean" },
  ca: { type: "string" },
  "requests-per-second": { type: "string" },
  client: { type: "string" },
} as const;

export const channelHelp = `  --channel-arn ARN       arn:aws:cloudtrail:REGION:ACCOUNT:channel/ID
  --external-id X         the external id of the channel's policy
  --endpoint URL          another server than AWS's, for instance your own lake
  --region R              default: the channel's
  --fips, --dual-stack    these kinds of AWS's endpoints; default: AWS_USE_FIPS_ENDPOINT, AWS_USE_DUALSTACK_ENDPOINT
  --ca FILE               certificates (PEM) that are trusted beside the system's, for --endpoint
  --requests-per-second N default: 100 on AWS, which is its quota; 0, no bound, with --endpoint
  --client NAME           auto (default), aws-sdk, built-in`;

export const credentialsHelp = `Credentials come from the AWS chain (environment, profile, SSO, role); never from the command line. HTTPS_PROXY and NO_PROXY
are heeded.`;

/** Where a command sends to. */
export interface ChosenChannel {
  readonly channelArn: string;
  readonly accountId: string;
  readonly externalId: string | undefined;
  readonly sender: ClientSenderOptions;
}

type Values = { readonly [K in keyof typeof channelArguments]?: string | boolean | undefined };

/** What {@link channelArguments} say; what is wrong is found before anything is read. @param now ms, of a clock that never jumps */
export function chosenChannel(values: Values, env: NodeJS.ProcessEnv, now: number): ChosenChannel {
  const text = (name: keyof Values) => (typeof values[name] === "string" ? values[name] : undefined);
  const { channelArn, region, accountId } = channelOf(text("channel-arn"));
  const endpoint = checkEndpoint(text("endpoint"));
  const choice = {
    endpoint,
    fips: values.fips === true || undefined,
    dualStack: values["dual-stack"] === true || undefined,
  };
  const conflict = endpointConflict(choice, env);
  if (conflict !== undefined) throw usageError(`--endpoint: ${conflict}. Drop one of the two.`);
  const bounds = { min: 0, max: 100_000 };
  const perSecond = wholeNumber("requests-per-second", text("requests-per-second"), bounds) ?? usualRate(endpoint);
  const ca = text("ca");
  return {
    channelArn,
    accountId,
    externalId: checkExternalId(text("external-id")),
    sender: {
      ...choice,
      region: text("region") ?? region,
      ca: ca === undefined ? undefined : readAuthority(ca),
      client: clientChoice(text("client")),
      rate: perSecond === 0 ? undefined : new RequestRate(perSecond, now),
      env,
    },
  };
}

function readAuthority(file: string): string {
  try {
    return authority(file);
  } catch (error) {
    throw usageError(`--ca: ${error instanceof Error ? error.message : String(error)}.`);
  }
}

/** The channel and the region it is in; a wrong one is found before anything is read. */
export function channelOf(channelArn: string | undefined): {
  readonly channelArn: string;
  readonly region: string;
  readonly accountId: string;
} {
  if (channelArn === undefined) throw usageError("--channel-arn is missing.");
  const arn = parseCloudTrailArn(channelArn);
  if (arn?.type !== "channel")
    throw usageError(`--channel-arn takes arn:aws:cloudtrail:REGION:ACCOUNT:channel/ID, not ${channelArn}.`);
  return { channelArn, region: arn.region, accountId: arn.accountId };
}

/** Spec 1.1: 2 to 1224 of word characters and + = , . @ : / - */
export function checkExternalId(externalId: string | undefined): string | undefined {
  if (externalId !== undefined && !/^[\w+=,.@:/-]{2,1224}$/.test(externalId))
    throw usageError("--external-id takes 2 to 1224 of A-Z a-z 0-9 _ + = , . @ : / -");
  return externalId;
}

/** A base URL; anything else would only be found out request by request. */
export function checkEndpoint(endpoint: string | undefined): string | undefined {
  if (endpoint === undefined) return undefined;
  const url = URL.parse(endpoint);
  if (url === null || !/^https?:$/.test(url.protocol))
    throw usageError(`--endpoint takes an http or https URL, not ${endpoint}.`);
  if (url.username !== "" || url.password !== "")
    throw usageError("--endpoint takes no user or password: credentials come from the AWS chain.");
  return endpoint;
}

export function clientChoice(choice: string | undefined): "auto" | "aws-sdk" | "built-in" | undefined {
  if (choice === undefined || choice === "auto" || choice === "aws-sdk" || choice === "built-in") return choice;
  throw usageError(`--client takes auto, aws-sdk or built-in, not ${choice}.`);
}
