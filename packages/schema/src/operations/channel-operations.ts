import type { Operation } from "./operation.ts";
import * as shapes from "../shapes/channels.ts";

/** Spec 2.3. */
export const channelOperations = {
  CreateChannel: {
    request: shapes.CreateChannelRequest,
    response: shapes.CreateChannelResponse,
    errors: [
      "ChannelMaxLimitExceededException",
      "InvalidSourceException",
      "ChannelAlreadyExistsException",
      "EventDataStoreARNInvalidException",
      "EventDataStoreNotFoundException",
      "InvalidEventDataStoreCategoryException",
      "InactiveEventDataStoreException",
      "InvalidParameterException",
      "InvalidTagParameterException",
      "TagsLimitExceededException",
      "OperationNotPermittedException",
      "UnsupportedOperationException",
    ],
    idempotent: false,
  },
  GetChannel: {
    request: shapes.GetChannelRequest,
    response: shapes.GetChannelResponse,
    errors: [
      "ChannelARNInvalidException",
      "ChannelNotFoundException",
      "OperationNotPermittedException",
      "UnsupportedOperationException",
    ],
    idempotent: true,
  },
  ListChannels: {
    request: shapes.ListChannelsRequest,
    response: shapes.ListChannelsResponse,
    errors: ["InvalidNextTokenException", "OperationNotPermittedException", "UnsupportedOperationException"],
    idempotent: true,
  },
  UpdateChannel: {
    request: shapes.UpdateChannelRequest,
    response: shapes.UpdateChannelResponse,
    errors: [
      "ChannelARNInvalidException",
      "ChannelNotFoundException",
      "ChannelAlreadyExistsException",
      "EventDataStoreARNInvalidException",
      "EventDataStoreNotFoundException",
      "InvalidEventDataStoreCategoryException",
      "InactiveEventDataStoreException",
      "InvalidParameterException",
      "OperationNotPermittedException",
      "UnsupportedOperationException",
    ],
    idempotent: true,
  },
  DeleteChannel: {
    request: shapes.DeleteChannelRequest,
    response: shapes.DeleteChannelResponse,
    errors: [
      "ChannelARNInvalidException",
      "ChannelNotFoundException",
      "OperationNotPermittedException",
      "UnsupportedOperationException",
    ],
    idempotent: false,
  },
} as const satisfies Readonly<Record<string, Operation>>;
