import type { Static, TSchema } from "@sinclair/typebox";
import type { PollHost } from "./poll.ts";

export interface Webhook<Options extends TSchema = TSchema> {
  readonly options: Options;
  receive(
    request: { readonly method: string; readonly url: URL; readonly headers: Headers; readonly body: Uint8Array },
    host: PollHost<Static<Options>>,
  ): Promise<Received>;
}
export type Received =
  | { readonly kind: "records"; readonly body: Uint8Array; readonly format: string; readonly replayKey?: string }
  | { readonly kind: "reply"; readonly status: number; readonly body?: string } // handshakes; nothing is stored
  | { readonly kind: "refused"; readonly status: 400 | 401 | 403; readonly message: string };
