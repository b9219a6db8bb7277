import { Type as T } from "@sinclair/typebox";
import type { Static } from "@sinclair/typebox";
import { SecretOption } from "@tributary/adapter-kit/poll";

const Address = "^https://[A-Za-z0-9.-]+(?::[0-9]{1,5})?/?$";

/** What the poller of the Audit service can be told. */
export const PollOptions = T.Object({
  identityUrl: T.String({
    pattern: Address,
    description: "Address of the Identity tenant, which gives access tokens: https://abc1234.id.cyberark.cloud.",
  }),
  applicationId: T.String({
    pattern: "^[A-Za-z0-9_.-]{1,128}$",
    description: "Application ID of the OAuth2 Server web app.",
  }),
  clientId: T.String({
    minLength: 1,
    description: "Name of the service user (an OAuth confidential client), for instance siem@cyberark.cloud.1234.",
  }),
  clientSecret: SecretOption({ description: "Password of the service user." }),
  apiUrl: T.String({
    pattern: Address,
    description: "API base URL of the SIEM integration: https://example.audit.cyberark.cloud.",
  }),
  apiKey: SecretOption({ description: "API key of the SIEM integration." }),
  pageSize: T.Integer({ minimum: 1, maximum: 1000, default: 100, description: "Records a page." }),
  pollSeconds: T.Integer({ minimum: 5, maximum: 3600, default: 60, description: "Wait when all has been read." }),
  overlapSeconds: T.Integer({
    minimum: 0,
    maximum: 86_400,
    default: 300,
    description: "How late a record may show up: each query begins so long before the latest record that was read.",
  }),
});

export type CyberarkPollOptions = Static<typeof PollOptions>;
