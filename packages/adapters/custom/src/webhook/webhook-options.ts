import { Type as T } from "@sinclair/typebox";
import type { Static } from "@sinclair/typebox";
import { SecretOption } from "@tributary/adapter-kit/webhook";

const closed = { additionalProperties: false } as const;

/** The options of the receiver. Without a proof it does not start. */
export const webhookOptions = T.Object(
  {
    proofs: T.Array(
      T.Object(
        {
          kind: T.Union([T.Literal("bearer"), T.Literal("standard-webhooks"), T.Literal("header")], {
            description:
              "bearer: a token in Authorization, as CloudEvents over HTTP have it. standard-webhooks: webhook-id, webhook-timestamp and webhook-signature v1. header: a secret in a header of your choice.",
          }),
          header: T.String({
            pattern: "^[A-Za-z0-9-]{1,64}$",
            default: "x-webhook-secret",
            description: "For kind header: the header that holds the secret.",
          }),
          secrets: T.Array(
            SecretOption({ description: "The token, the signing secret (whsec_ and base64) or the header's value." }),
            {
              minItems: 1,
              description: "The secret; several while it is rotated.",
            },
          ),
        },
        { ...closed, description: "A way in which senders prove themselves." },
      ),
      { minItems: 1, description: "How senders prove themselves. One of several proofs is enough." },
    ),
    format: T.Optional(
      T.String({
        pattern: "^(?:ndjson|Records|records|events|json|cef|leef|syslog|csv)$",
        description:
          "The format of bodies that are no CloudEvents. Without it: by content type, else by the look of the body.",
      }),
    ),
    origins: T.Optional(
      T.Array(T.String({ pattern: "^(?:\\*|[A-Za-z0-9.-]{1,253})$" }), {
        description:
          "Who may register this receiver by the handshake of CloudEvents (WebHook-Request-Origin), for instance eventgrid.azure.net; * for anybody. Default: nobody.",
      }),
    ),
  },
  closed,
);

/** {@link webhookOptions}, resolved. */
export type WebhookOptions = Static<typeof webhookOptions>;
