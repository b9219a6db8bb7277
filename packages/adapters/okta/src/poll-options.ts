import { Type as T } from "@sinclair/typebox";
import type { Static } from "@sinclair/typebox";
import { SecretOption } from "@tributary/adapter-kit/poll";

/** What the poller can be told. One of the two ways to sign in is required: `apiToken`, or `clientId` with `privateKey`. */
export const PollOptions = T.Object({
  orgUrl: T.String({
    pattern: "^https://[A-Za-z0-9.-]+(?::[0-9]{1,5})?/?$",
    description: "Address of the organization, for instance https://example.okta.com; not the -admin one.",
  }),
  apiToken: T.Optional(
    SecretOption({ description: "API token of an administrator who may read the System Log (SSWS)." }),
  ),
  clientId: T.Optional(
    T.String({ minLength: 1, description: "Client id of an API Services app that was granted okta.logs.read." }),
  ),
  privateKey: T.Optional(
    SecretOption({ description: "Private key of that app, RSA or P-256: a JWK as Okta shows it, or PEM (PKCS #8)." }),
  ),
  keyId: T.Optional(
    T.String({ minLength: 1, description: "The key's id (kid) at Okta; needed for PEM, a JWK says its own." }),
  ),
  pageSize: T.Integer({
    minimum: 1,
    maximum: 1000,
    default: 1000,
    description: "Events a page: fewer where queries run into Okta's limit of 30 seconds.",
  }),
  pollSeconds: T.Integer({
    minimum: 5,
    maximum: 3600,
    default: 30,
    description: "Wait after a page that was not full.",
  }),
});

export type OktaPollOptions = Static<typeof PollOptions>;
