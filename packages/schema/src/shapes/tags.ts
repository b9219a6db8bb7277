import { type Static, Type as T } from "@sinclair/typebox";
import { Empty } from "./empty.ts";
import { ResourceIdList, ResourceTagList, TagsList } from "./structures.ts";

/** Spec 2.6, A.17. */
export const AddTagsRequest = T.Object({
  ResourceId: T.String(),
  TagsList: TagsList,
});
export type AddTagsRequest = Static<typeof AddTagsRequest>;

/** Spec 2.6, A.17. */
export const AddTagsResponse = Empty;
export type AddTagsResponse = Static<typeof AddTagsResponse>;

/** Spec 2.6, A.18. */
export const RemoveTagsRequest = T.Object({
  ResourceId: T.String(),
  TagsList: TagsList,
});
export type RemoveTagsRequest = Static<typeof RemoveTagsRequest>;

/** Spec 2.6, A.18. */
export const RemoveTagsResponse = Empty;
export type RemoveTagsResponse = Static<typeof RemoveTagsResponse>;

/** Spec 2.6, A.19. */
export const ListTagsRequest = T.Object({
  ResourceIdList: ResourceIdList,
  NextToken: T.Optional(T.String()),
});
export type ListTagsRequest = Static<typeof ListTagsRequest>;

/** Spec 2.6, A.19. */
export const ListTagsResponse = T.Object({
  ResourceTagList: T.Optional(ResourceTagList),
  NextToken: T.Optional(T.String()),
});
export type ListTagsResponse = Static<typeof ListTagsResponse>;
