import type { PutAuditEventsCommandInput } from "@tributary/client";
import { TributaryError } from "@tributary/schema";
import { proxiedAgents } from "../network/proxied-agents.ts";
import type { RequestRate } from "./request-rate.ts";
import type { SendAnswer, Sender, SendRequest } from "./sender.ts";

/** What the forwarder uses of `@aws-sdk/client-cloudtrail-data`, and of `@tributary/client`, which has the same names. */
type ClientModule = Pick<typeof import("@tributary/client"), "CloudTrailDataClient" | "PutAuditEventsCommand">;

export interface ClientSenderOptions {
  readonly region: string;
  readonly endpoint?: string | undefined;
  /** AWS's FIPS endpoint; `AWS_USE_FIPS_ENDPOINT` or the profile where left out. Not together with an endpoint. */
  readonly fips?: boolean | undefined;
  /** AWS's endpoint of IPv4 and IPv6; `AWS_USE_DUALSTACK_ENDPOINT` or the profile where left out. Not together with an endpoint. */
  readonly dualStack?: boolean | undefined;
  /** PEM of certificates that are trusted beside those of the system. */
  readonly ca?: string | undefined;
  /** Of the {@link Sender}. */
  readonly rate?: RequestRate | undefined;
  /** `auto` takes `@aws-sdk/client-cloudtrail-data` where it is installed, else the built-in client. */
  readonly client?: "auto" | "aws-sdk" | "built-in" | undefined;
  /** One request, from its start to the last byte of the answer; ms. 60,000 by default. */
  readonly timeoutMs?: number | undefined;
  /** Until the connection is there, ms. 5,000 by default. */
  readonly connectMs?: number | undefined;
  /** Until the head of the answer is there, ms. 30,000 by default. */
  readonly answerMs?: number | undefined;
  /** Fixed credentials instead of the AWS chain (environment, profile, SSO, roles); for tests. */
  readonly credentials?: { readonly accessKeyId: string; readonly secretAccessKey: string } | undefined;
  /** Of the proxies; the process's by default. */
  readonly env?: NodeJS.ProcessEnv | undefined;
}

/** After these the credentials are asked for anew: they may have been rotated. */
const refusedCredentials: ReadonlySet<unknown> = new Set([
  "CredentialsProviderError",
  "ExpiredToken",
  "ExpiredTokenException",
  "InvalidClientTokenId",
  "InvalidSignatureException",
  "SignatureDoesNotMatch",
  "UnrecognizedClientException",
]);

/**
 * A {@link Sender} on the AWS client. Its own retries are off: the courier retries, with its budget. Throws
 * `CLIENT_NOT_INSTALLED` and `PROXY_INVALID`.
 */
export async function clientSender(options: ClientSenderOptions): Promise<Sender> {
  const { region, endpoint, fips, dualStack, credentials, ca, env = process.env } = options;
  const { timeoutMs = 60_000, connectMs = 5_000, answerMs = 30_000 } = options;
  const agents = proxiedAgents({ ca, env });
  const { client: choice = "auto" } = options;
  let loaded: ReturnType<typeof loadClient> | undefined;
  const load = () => (loaded ??= loadClient(choice));
  // What may be missing is missed now. Else it comes with the first request: an integration at rest needs none of it.
  if (choice === "aws-sdk") await load();
  const open = ({ CloudTrailDataClient }: ClientModule) =>
    new CloudTrailDataClient({
      region,
      maxAttempts: 1,
      requestHandler: {
        ...agents,
        connectionTimeout: connectMs,
        requestTimeout: Math.min(answerMs, timeoutMs),
        throwOnRequestTimeout: true,
      },
      ...(endpoint === undefined ? {} : { endpoint }),
      ...(fips === undefined ? {} : { useFipsEndpoint: fips }),
      ...(dualStack === undefined ? {} : { useDualstackEndpoint: dualStack }),
      ...(credentials === undefined ? {} : { credentials }),
    });
  let client: ReturnType<typeof open> | undefined;
  return {
    rate: options.rate,
    async send(request: SendRequest): Promise<SendAnswer> {
      const { module, builtIn } = await load();
      const { PutAuditEventsCommand } = module;
      const used = (client ??= open(module));
      const abort = new AbortController();
      const timer = setTimeout(() => abort.abort(), timeoutMs);
      try {
        const { successful, failed, $metadata } = await used.send(
          builtIn ? withBody(PutAuditEventsCommand, request) : new PutAuditEventsCommand(inputOf(request)),
          { abortSignal: abort.signal },
        );
        return { successful, failed, requestId: $metadata.requestId };
      } catch (error) {
        // A client remembers its credentials: a new one asks for them. The connections are shared, and stay.
        if (error instanceof Error && refusedCredentials.has(error.name) && !isClockCorrected(error) && client === used)
          client = undefined;
        if (!abort.signal.aborted) throw error;
        throw new TributaryError(`No complete answer within ${timeoutMs} ms.`, {
          code: "REQUEST_TIMEOUT",
          retryable: true,
          cause: error,
        });
      } finally {
        clearTimeout(timer);
      }
    },
    close() {
      agents.httpAgent.destroy();
      agents.httpsAgent.destroy();
    },
  };
}

/** The client has just learnt the server's time, and would forget it. */
function isClockCorrected(error: Error): boolean {
  const metadata: unknown = "$metadata" in error ? error.$metadata : undefined;
  return typeof metadata === "object" && metadata !== null && "clockSkewCorrected" in metadata
    ? metadata.clockSkewCorrected === true
    : false;
}

function inputOf({ channelArn, externalId, auditEvents }: SendRequest): PutAuditEventsCommandInput {
  return { channelArn, ...(externalId === undefined ? {} : { externalId }), auditEvents };
}

/** The bytes that were counted go on the wire; the events are not made for it once more. */
function withBody(
  Command: ClientModule["PutAuditEventsCommand"],
  request: SendRequest,
): InstanceType<ClientModule["PutAuditEventsCommand"]> {
  const { channelArn, externalId, body } = request;
  if (body === undefined) return new Command(inputOf(request));
  return new Command({ channelArn, ...(externalId === undefined ? {} : { externalId }), auditEvents: [] }, body());
}

async function loadClient(
  choice: "auto" | "aws-sdk" | "built-in",
): Promise<{ readonly module: ClientModule; readonly builtIn: boolean }> {
  if (choice !== "built-in") {
    const name = "@aws-sdk/client-cloudtrail-data";
    try {
      const module: ClientModule = await import(name);
      return { module, builtIn: false };
    } catch (cause) {
      if (choice === "aws-sdk")
        throw new TributaryError(`${name} is not installed: npm install ${name}, or use --client built-in.`, {
          code: "CLIENT_NOT_INSTALLED",
          cause,
        });
    }
  }
  return { module: await import("@tributary/client"), builtIn: true };
}
