import { type Static, Type as T } from "@sinclair/typebox";
import { secretKeyword } from "@tributary/adapter-kit/poll";

const closed = { additionalProperties: false } as const;
/** Where a secret is: whether it says so is looked at when it is read, so that no message shows what stands there instead. */
const secret = (description: string) => T.Optional(T.Unknown({ [secretKeyword]: true, description }));

const credential = T.Object(
  {
    user: T.Optional(T.String({ minLength: 1, pattern: "^[^:]*$", description: "User of Basic authentication." })),
    password: secret("Password of that user."),
    apiKey: secret("An API key as clients have it: ID:KEY, or its base64."),
    bearer: secret("A bearer token."),
  },
  { ...closed, description: "One of: user and password; apiKey; bearer." },
);

/** Of an integration: documents that clients of Elasticsearch send. */
export const bulkSource = T.Object(
  {
    path: T.String({
      pattern: "^/([A-Za-z0-9/._~-]{0,199}[A-Za-z0-9._~-])?$",
      description:
        "Clients are given the address of `listen` with this path, for instance /elastic. No two integrations share one.",
    }),
    credentials: T.Array(credential, { minItems: 1, description: "Whoever has one of them may send." }),
    format: T.Optional(
      T.String({
        minLength: 1,
        description: "A format of the adapter for one document. Default: ndjson, else its first of lines.",
      }),
    ),
    record: T.Optional(
      T.String({
        pattern: "^/",
        description: "JSON pointer to the text that is the record, for instance /message. Default: the whole document.",
      }),
    ),
  },
  { ...closed, description: "Receives what clients of Elasticsearch's bulk API send, on `listen`." },
);

export type BulkSourceConfig = Static<typeof bulkSource>;
export type BulkCredentialConfig = Static<typeof credential>;
