import { commonErrorCodes } from "./common-error-codes.ts";
import { errorCode } from "./error-code.ts";

/** Errors that refuse a whole PutAuditEvents request: nothing of it is stored. Names without suffix are AWS's. Spec 1.3. */
export const requestErrorCodes = Object.freeze({
  InvalidChannelARN: errorCode(400, false, "channelArn is not the ARN or id of a channel at this endpoint."),
  ChannelNotFound: errorCode(400, false, "The caller's account has no such channel."),
  ChannelInsufficientPermission: errorCode(
    400,
    false,
    "The channel's resource policy does not allow the caller, or the external id is not the policy's.",
  ),
  ChannelUnsupportedSchema: errorCode(400, false, "The channel has no destination for activity events."),
  DuplicatedAuditEventId: errorCode(400, false, "Two or more entries of the request share an id."),
  UnsupportedOperationException: errorCode(400, false, "The operation is not supported here."),
  ValidationException: errorCode(
    400,
    false,
    "A member breaks a constraint of the model, or the request is over the size limit.",
  ),
  ...commonErrorCodes,
});

export type RequestErrorCode = keyof typeof requestErrorCodes;
