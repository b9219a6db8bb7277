import type { Static, TSchema } from "@sinclair/typebox";
import type { PollHost } from "./poll.ts";

/** A delivery as it came: the body's bytes unparsed, as the sender signed them. */
export interface WebhookRequest {
  readonly method: string;
  readonly url: URL;
  readonly headers: Headers;
  readonly body: Uint8Array;
}

/** The receiver of a vendor's pushes. Without a secret in its options the host refuses to start. */
export interface Webhook<Options extends TSchema = TSchema> {
  /** What a configuration may say, each member described. Secrets are a list of `SecretOption()`s, at least one, for rotation. */
  readonly options: Options;
  /** Proves the sender, then hands on. Never throws for a bad request: that is `refused`. */
  receive(request: WebhookRequest, host: PollHost<Static<Options>>): Promise<Received>;
}

export type Received =
  /** Answered 2xx once the records are durable. A key that came before within the replay window is answered and not stored again. */
  | { readonly kind: "records"; readonly body: Uint8Array; readonly format: string; readonly replayKey?: string }
  /** Handshakes; nothing is stored. */
  | {
      readonly kind: "reply";
      readonly status: number;
      readonly headers?: Readonly<Record<string, string>>;
      readonly body?: string;
    }
  /** The message is for the sender's log: it names no secret and not which part of the proof failed. */
  | { readonly kind: "refused"; readonly status: 400 | 401 | 403 | 405 | 413 | 415; readonly message: string };
