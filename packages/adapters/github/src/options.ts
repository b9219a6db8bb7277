import { Type as T } from "@sinclair/typebox";

/** Options of the mapping. */
export const GithubOptions = T.Object(
  {
    undatedWebhooks: T.Union([T.Literal("refuse"), T.Literal("received")], {
      default: "refuse",
      description:
        "What becomes of a webhook payload that does not say when it happened: refused, or an event at the time it was received (for a file: first seen).",
    }),
  },
  { additionalProperties: false },
);
