import type { WebhookRequest } from "@tributary/adapter-kit";

/** What goes back to a sender. */
export interface HttpAnswer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** Takes requests at a path of `listen`. */
export interface HttpReceiver {
  /** What to answer before a body is read; undefined: read it. */
  before(request: Omit<WebhookRequest, "body">): Promise<HttpAnswer | undefined>;
  /** @param bodyBytes longest body, also decoded */
  receive(request: WebhookRequest, bodyBytes: number): Promise<HttpAnswer>;
}
