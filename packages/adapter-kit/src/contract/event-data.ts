import type { JsonObject } from "./json.ts";

/** eventData without recipientAccountId, which the kit adds from the channel's ARN. */
export interface EventData {
  readonly version: string;
  readonly eventSource: string;
  readonly eventName: string;
  readonly eventTime: string;
  readonly UID: string;
  readonly userIdentity: {
    readonly type: string;
    readonly principalId: string;
    readonly details?: JsonObject | undefined;
  };
  readonly userAgent?: string | undefined;
  readonly sourceIPAddress?: string | undefined;
  readonly errorCode?: string | undefined;
  readonly errorMessage?: string | undefined;
  readonly requestParameters?: JsonObject | undefined;
  readonly responseElements?: JsonObject | undefined;
  readonly additionalEventData?: JsonObject | undefined;
}
