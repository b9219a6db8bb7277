import { type Static, Type as T } from "@sinclair/typebox";
import { Empty } from "./empty.ts";
import { ResourceArn, ResourcePolicy } from "./simple-shapes.ts";

/** Spec 2.5, A.14. */
export const PutResourcePolicyRequest = T.Object({
  ResourceArn: ResourceArn,
  ResourcePolicy: ResourcePolicy,
});
export type PutResourcePolicyRequest = Static<typeof PutResourcePolicyRequest>;

/** Spec 2.5, A.14. */
export const PutResourcePolicyResponse = T.Object({
  ResourceArn: T.Optional(ResourceArn),
  ResourcePolicy: T.Optional(ResourcePolicy),
  DelegatedAdminResourcePolicy: T.Optional(ResourcePolicy),
});
export type PutResourcePolicyResponse = Static<typeof PutResourcePolicyResponse>;

/** Spec 2.5, A.15. */
export const GetResourcePolicyRequest = T.Object({
  ResourceArn: ResourceArn,
});
export type GetResourcePolicyRequest = Static<typeof GetResourcePolicyRequest>;

/** Spec 2.5, A.15. */
export const GetResourcePolicyResponse = T.Object({
  ResourceArn: T.Optional(ResourceArn),
  ResourcePolicy: T.Optional(ResourcePolicy),
  DelegatedAdminResourcePolicy: T.Optional(ResourcePolicy),
});
export type GetResourcePolicyResponse = Static<typeof GetResourcePolicyResponse>;

/** Spec 2.5, A.16. */
export const DeleteResourcePolicyRequest = T.Object({
  ResourceArn: ResourceArn,
});
export type DeleteResourcePolicyRequest = Static<typeof DeleteResourcePolicyRequest>;

/** Spec 2.5, A.16. */
export const DeleteResourcePolicyResponse = Empty;
export type DeleteResourcePolicyResponse = Static<typeof DeleteResourcePolicyResponse>;
