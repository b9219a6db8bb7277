import { type Static, Type as T } from "@sinclair/typebox";
import { Empty } from "./empty.ts";
import { ChannelArn, ChannelName, ListChannelsMaxResultsCount, PaginationToken, Source } from "./simple-shapes.ts";
import { Channels, Destinations, IngestionStatus, SourceConfig, TagsList } from "./structures.ts";

/** Spec 2.3, A.1. */
export const CreateChannelRequest = T.Object({
  Name: ChannelName,
  Source: Source,
  Destinations: Destinations,
  Tags: T.Optional(TagsList),
});
export type CreateChannelRequest = Static<typeof CreateChannelRequest>;

/** Spec 2.3, A.1. */
export const CreateChannelResponse = T.Object({
  ChannelArn: T.Optional(ChannelArn),
  Name: T.Optional(ChannelName),
  Source: T.Optional(Source),
  Destinations: T.Optional(Destinations),
  Tags: T.Optional(TagsList),
});
export type CreateChannelResponse = Static<typeof CreateChannelResponse>;

/** Spec 2.3, A.2. */
export const GetChannelRequest = T.Object({
  Channel: ChannelArn,
});
export type GetChannelRequest = Static<typeof GetChannelRequest>;

/** Spec 2.3, A.2. */
export const GetChannelResponse = T.Object({
  ChannelArn: T.Optional(ChannelArn),
  Name: T.Optional(ChannelName),
  Source: T.Optional(Source),
  SourceConfig: T.Optional(SourceConfig),
  Destinations: T.Optional(Destinations),
  IngestionStatus: T.Optional(IngestionStatus),
});
export type GetChannelResponse = Static<typeof GetChannelResponse>;

/** Spec 2.3, A.3. */
export const ListChannelsRequest = T.Object({
  MaxResults: T.Optional(ListChannelsMaxResultsCount),
  NextToken: T.Optional(PaginationToken),
});
export type ListChannelsRequest = Static<typeof ListChannelsRequest>;

/** Spec 2.3, A.3. */
export const ListChannelsResponse = T.Object({
  Channels: T.Optional(Channels),
  NextToken: T.Optional(PaginationToken),
});
export type ListChannelsResponse = Static<typeof ListChannelsResponse>;

/** Spec 2.3, A.4. */
export const UpdateChannelRequest = T.Object({
  Channel: ChannelArn,
  Destinations: T.Optional(Destinations),
  Name: T.Optional(ChannelName),
});
export type UpdateChannelRequest = Static<typeof UpdateChannelRequest>;

/** Spec 2.3, A.4. */
export const UpdateChannelResponse = T.Object({
  ChannelArn: T.Optional(ChannelArn),
  Name: T.Optional(ChannelName),
  Source: T.Optional(Source),
  Destinations: T.Optional(Destinations),
});
export type UpdateChannelResponse = Static<typeof UpdateChannelResponse>;

/** Spec 2.3, A.5. */
export const DeleteChannelRequest = T.Object({
  Channel: ChannelArn,
});
export type DeleteChannelRequest = Static<typeof DeleteChannelRequest>;

/** Spec 2.3, A.5. */
export const DeleteChannelResponse = Empty;
export type DeleteChannelResponse = Static<typeof DeleteChannelResponse>;
