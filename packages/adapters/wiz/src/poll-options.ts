import { Type as T } from "@sinclair/typebox";
import { SecretOption } from "@tributary/adapter-kit/poll";

/** What a configuration says of a poller of Wiz. */
export const pollOptions = T.Object(
  {
    url: T.String({
      pattern: "^https://[^/?#@]+(?:/graphql)?/?$",
      description: "The API's endpoint, as your tenant shows it: https://api.us1.app.wiz.io/graphql.",
    }),
    clientId: T.String({
      minLength: 1,
      description: "Of a service account with the scope admin:audit, for issues also read:issues.",
    }),
    clientSecret: SecretOption({ description: "The service account's secret." }),
    tokenUrl: T.String({
      default: "https://auth.app.wiz.io/oauth/token",
      pattern: "^https://[^?#@]+$",
      description:
        "Where tokens are given: https://auth.app.wiz.io/oauth/token, for government tenants https://auth.app.wiz.us/oauth/token or https://auth.gov.wiz.io/oauth/token.",
    }),
    audience: T.String({
      default: "wiz-api",
      minLength: 1,
      description: "The audience of tokens; older tenants have another.",
    }),
    issues: T.Boolean({
      default: false,
      description: "Read issues too, by the time at which their status changed.",
    }),
    pageSize: T.Integer({ default: 500, minimum: 10, maximum: 5000, description: "Records in one answer." }),
    overlapSeconds: T.Integer({
      default: 600,
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
