import { Type as T } from "@sinclair/typebox";
import { SecretOption } from "@tributary/adapter-kit/poll";

/** What a configuration says of a poller of Kong. */
export const pollOptions = T.Object(
  {
    api: T.Union([T.Literal("admin"), T.Literal("konnect")], {
      description: "admin: the Admin API of a gateway. konnect: the audit log API of Konnect.",
    }),
    url: T.String({
      pattern: "^https?://[^?#@]+$",
      description: "The Admin API: https://kong.example.com:8444. Konnect: https://us.api.konghq.com, by its region.",
    }),
    token: T.Optional(
      SecretOption({
        description:
          "Admin API: an RBAC user's token (Kong-Admin-Token), where RBAC is on. Konnect: a personal or system account access token.",
      }),
    ),
    objects: T.Boolean({ default: true, description: "Admin API: read /audit/objects too." }),
    pageSize: T.Integer({ default: 100, minimum: 10, maximum: 1000, description: "Records in one answer." }),
    overlapSeconds: T.Integer({
      default: 300,
      minimum: 0,
      maximum: 86_400,
      description: "How far back each round reads again for records that are shown late.",
    }),
    intervalSeconds: T.Integer({
      default: 60,
      minimum: 10,
      maximum: 86_400,
      description: "How long to wait when all is read.",
    }),
  },
  { additionalProperties: false },
);
