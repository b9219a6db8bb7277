import { Type as T } from "@sinclair/typebox";

/** What the mapping can be told. */
export const MappingOptions = T.Object({
  zone: T.String({
    default: "Z",
    minLength: 1,
    description:
      "The Vault server's zone, for times without one (BSD headers, Timestamp): an offset such as +02:00, or a place such as Europe/Berlin. Default UTC.",
  }),
});
