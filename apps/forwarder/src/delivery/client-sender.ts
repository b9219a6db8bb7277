import { TributaryError } from "@tributary/schema";
import type { SendAnswer, Sender, SendRequest } from "./sender.ts";

/** What the forwarder uses of `@aws-sdk/client-cloudtrail-data`, and of `@tributary/client`, which has the same names. */
type ClientModule = Pick<typeof import("@tributary/client"), "CloudTrailDataClient" | "PutAuditEventsCommand">;

export interface ClientSenderOptions {
  readonly region: string;
  readonly endpoint?: string | undefined;
  /** `auto` takes `@aws-sdk/client-cloudtrail-data` where it is installed, else the built-in client. */
  readonly client?: "auto" | "aws-sdk" | "built-in" | undefined;
  /** One request, from its start to the last byte of the answer. 60,000 by default. */
  readonly timeoutMs?: number | undefined;
  /** Fixed credentials instead of the AWS chain (environment, profile, SSO, roles); for tests. */
  readonly credentials?: { readonly accessKeyId: string; readonly secretAccessKey: string } | undefined;
}

/** A {@link Sender} on the AWS client. Its own retries are off: the courier retries, with its budget. */
export async function clientSender(options: ClientSenderOptions): Promise<Sender> {
  const { module, builtIn } = await loadClient(options.client ?? "auto");
  const { CloudTrailDataClient, PutAuditEventsCommand } = module;
  const client = new CloudTrailDataClient({
    region: options.region,
    maxAttempts: 1,
    ...(options.endpoint === undefined ? {} : { endpoint: options.endpoint }),
    ...(options.credentials === undefined ? {} : { credentials: options.credentials }),
  });
  const timeoutMs = options.timeoutMs ?? 60_000;
  return {
    async send({ body, ...request }: SendRequest): Promise<SendAnswer> {
      const abort = new AbortController();
      const timer = setTimeout(() => abort.abort(), timeoutMs);
      try {
        const { successful, failed, $metadata } = await client.send(
          builtIn ? new PutAuditEventsCommand(request, body?.()) : new PutAuditEventsCommand(request),
          { abortSignal: abort.signal },
        );
        return { successful, failed, requestId: $metadata.requestId };
      } catch (error) {
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
    close: () => client.destroy(),
  };
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
