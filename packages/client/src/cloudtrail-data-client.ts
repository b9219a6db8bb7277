import type { Agent as HttpAgent } from "node:http";
import type { Agent as HttpsAgent } from "node:https";
import type { PutAuditEventsCommand, PutAuditEventsCommandOutput } from "./put-audit-events-command.ts";
import { type Pipeline, pipeline } from "./pipeline.ts";

/** An access key. */
export interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
  /** When to ask the provider again. */
  readonly expiration?: Date;
}

/** How requests travel. */
export interface RequestHandlerOptions {
  /** Milliseconds for connecting; default 5,000. */
  readonly connectionTimeout?: number;
  /** Milliseconds for one attempt, answer included; default 60,000. Exceeded: `TimeoutError`, which is retried. */
  readonly requestTimeout?: number;
  /** Whether `requestTimeout` ends the attempt, else it only warns (AWS's client's default); default true. */
  readonly throwOnRequestTimeout?: boolean;
  /** Milliseconds a socket may be silent; default none. */
  readonly socketTimeout?: number;
  readonly httpAgent?: HttpAgent;
  readonly httpsAgent?: HttpsAgent;
}

/** All optional: what is absent comes from the environment and the profile, as in every AWS client (`AWS_PROFILE` picks the profile). */
export interface CloudTrailDataClientConfig {
  /** Else `AWS_REGION`, else the profile's. */
  readonly region?: string;
  /**
   * The lake's base URL, `http:` included. Else `AWS_ENDPOINT_URL_CLOUDTRAIL_DATA`, `AWS_ENDPOINT_URL`, the profile's
   * `endpoint_url`, else AWS's own host of the region (spec 5).
   */
  readonly endpoint?: string;
  /** A key, or a function that gets one. Else AWS's chain: environment, profile, SSO, web identity, container, instance. */
  readonly credentials?: Credentials | (() => Promise<Credentials>);
  /** Attempts per call, the first included. Else `AWS_MAX_ATTEMPTS`, the profile's `max_attempts`, 3. */
  readonly maxAttempts?: number;
  /** Else `AWS_USE_FIPS_ENDPOINT`, the profile's, false. */
  readonly useFipsEndpoint?: boolean;
  /** Else `AWS_USE_DUALSTACK_ENDPOINT`, the profile's, false. */
  readonly useDualstackEndpoint?: boolean;
  readonly requestHandler?: RequestHandlerOptions;
  /** Product names and versions added to the User-Agent, for instance `[["tributary", "1.0.0"]]`. */
  readonly customUserAgent?: readonly (readonly [name: string, version?: string])[];
}

/** What a call may be told. */
export interface SendOptions {
  /** Ends the call, between attempts too; it then throws an `AbortError`. */
  readonly abortSignal?: AbortSignal;
}

/**
 * Sends PutAuditEvents, signed by SigV4 for the service `cloudtrail-data`. Throttling (429), server faults (5xx) and
 * failures of the transport are retried with back-off and jitter, the same bytes each time; a clock that is off is
 * corrected by the server's `Date`. Made once and shared: it keeps connections.
 */
export class CloudTrailDataClient {
  readonly #pipeline: Pipeline;

  /** Throws for an endpoint that is no URL. Reads nothing yet: a missing region or key is reported by the first `send`. */
  constructor(config: CloudTrailDataClientConfig = {}) {
    this.#pipeline = pipeline(config);
  }

  /**
   * Sends the command. Throws a {@link CloudTrailDataServiceException} for every answer that is no success, Node's error
   * when there was none, both with `$metadata.attempts`.
   */
  async send(command: PutAuditEventsCommand, options: SendOptions = {}): Promise<PutAuditEventsCommandOutput> {
    return await this.#pipeline.send(command, options.abortSignal);
  }

  /** Closes idle connections. */
  destroy(): void {
    this.#pipeline.destroy();
  }
}
