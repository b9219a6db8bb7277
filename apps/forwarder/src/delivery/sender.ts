import type { RequestRate } from "./request-rate.ts";

/** One entry of `auditEvents`, exactly as it goes on the wire. Spec 1.1. */
export interface OutgoingEvent {
  readonly id: string;
  readonly eventData: string;
  /** Always sent. Spec 1.9. */
  readonly eventDataChecksum: string;
}

/** One PutAuditEvents request. */
export interface SendRequest {
  readonly channelArn: string;
  readonly externalId?: string;
  readonly auditEvents: readonly OutgoingEvent[];
  /** The body these events make, for a sender that puts it on the wire as it is. */
  readonly body?: () => Uint8Array;
}

/** What a server answered with status 200. Nothing in it is trusted: lists may be missing, and ids unknown or repeated. */
export interface SendAnswer {
  readonly successful?:
    | readonly { readonly id?: string | undefined; readonly eventID?: string | undefined }[]
    | undefined;
  readonly failed?:
    | readonly {
        readonly id?: string | undefined;
        readonly errorCode?: string | undefined;
        readonly errorMessage?: string | undefined;
      }[]
    | undefined;
  readonly requestId?: string | undefined;
}

/** Sends one request once: retries, back-off and bisection are the {@link Courier}'s. */
export interface Sender {
  /** Bounds requests over time, together with all others that have the same quota; no bound where left out. */
  readonly rate?: RequestRate | undefined;
  /** Rejects for anything but a status 200 with a readable body; {@link classifyFailure} reads the error. */
  send(request: SendRequest): Promise<SendAnswer>;
  close(): void;
}
