import { errorCode } from "./error-code.ts";

/** `errorCode` of an entry in `failed`. The HTTP answer around it is 200 even when every entry failed. Spec 1.2, 1.7. */
export const eventErrorCodes = Object.freeze({
  FieldTooLong: errorCode(200, false, "The event or one of its fields is longer than the schema allows."),
  FieldNotFound: errorCode(200, false, "A required field is absent or null."),
  InvalidChecksum: errorCode(200, false, "eventDataChecksum is not the Base64 SHA-256 of eventData."),
  InvalidData: errorCode(200, false, "eventData is not one JSON object of the schema's types."),
  InvalidRecipient: errorCode(200, false, "recipientAccountId is not the account that owns the channel."),
  InvalidEventSource: errorCode(200, false, "eventSource is not one the channel's source may send."),
  AccountNotSubscribed: errorCode(200, false, "The channel's owner has no event data store that can take the event."),
  Throttling: errorCode(200, true, "The event was refused for load; send it again later."),
  InternalFailure: errorCode(200, true, "The event could not be stored; send it again later."),
});

export type EventErrorCode = keyof typeof eventErrorCodes;
