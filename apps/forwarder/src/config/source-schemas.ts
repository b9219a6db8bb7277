import { Type as T } from "@sinclair/typebox";

const closed = { additionalProperties: false } as const;
const text = (description: string, more: object = {}) => T.String({ minLength: 1, description, ...more });
const whole = (minimum: number, maximum: number, normal: number, description: string) =>
  T.Integer({ minimum, maximum, default: normal, description });
/** RFC 3339. */
export const timePattern = "^\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(\\.\\d{1,9})?(Z|[+-]\\d\\d:\\d\\d)$";

/** What the vendor pushes. */
export const webhook = T.Object(
  {
    path: T.String({
      pattern: "^/[A-Za-z0-9/._~-]{1,200}$",
      description: "Where the vendor delivers, for instance /hooks/github. No two integrations share one.",
    }),
    options: T.Unknown({ description: "The receiver's options; the adapter's README lists them." }),
  },
  { ...closed, description: "Receives what the vendor pushes, on `listen`." },
);

/** Files of this machine. */
export const files = T.Object(
  {
    paths: T.Array(text("A file, a directory, or a pattern with *, ? and **."), { minItems: 1 }),
    exclude: T.Array(text("A path or a pattern."), { default: [], description: "Files that are not read." }),
    format: T.Optional(text("A format of the adapter; default: told by each file's first bytes.")),
    since: T.Union([T.Literal("start"), T.Literal("end")], {
      default: "start",
      description:
        "Where files are begun that are there at the first start: end reads only what is written from then on.",
    }),
    quietSeconds: whole(
      1,
      86_400,
      10,
      "A file that was not written to for so long is taken for complete: compressed files, formats that are no lines, a last line without its end.",
    ),
  },
  { ...closed, description: "Files that are read and then followed as they grow and are rotated." },
);

/** Objects of S3. */
export const s3 = T.Object(
  {
    bucket: T.Optional(
      T.String({
        pattern: "^[A-Za-z0-9._:/-]{3,255}$",
        description:
          "The bucket (or access point ARN) that is listed; with queue: the only one whose objects are read.",
      }),
    ),
    prefix: T.String({ default: "", maxLength: 1024, description: "Of the keys, for instance AWSLogs/." }),
    queue: T.Optional(
      T.String({
        pattern: "^https?://[^\\s?#]+$",
        examples: ["https://sqs.us-east-1.amazonaws.com/111122223333/logs"],
        description: "URL of an SQS queue that tells of new objects.",
      }),
    ),
    format: T.Optional(text("A format of the adapter; default: told by each object's first bytes.")),
    region: T.Optional(
      T.String({ pattern: "^[a-z0-9-]{1,32}$", description: "Default: the queue's, else the channel's." }),
    ),
    endpoint: T.Optional(
      T.String({
        pattern: "^https?://[^\\s/?#@]+",
        examples: ["https://s3.example.com:9000"],
        description: "Another server than AWS's that speaks S3.",
      }),
    ),
    profile: T.Optional(text("A profile of AWS's shared configuration files; default: the AWS chain.")),
    since: T.Optional(
      T.String({ pattern: timePattern, description: "Listing: objects modified before are left out. Default: none." }),
    ),
    pollSeconds: whole(5, 86_400, 60, "Listing: so often is looked for new objects."),
  },
  { ...closed, description: "Objects of S3, by listing a bucket or by the messages of an SQS queue." },
);
