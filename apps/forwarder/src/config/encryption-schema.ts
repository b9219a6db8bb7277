import { type Static, Type as T } from "@sinclair/typebox";
import { secretKeyword } from "@tributary/adapter-kit/poll";

/** Keys that seal what the state holds of records. */
export const encryption = T.Object(
  {
    key: T.Unknown({
      [secretKeyword]: true,
      description: "32 bytes in base64 (openssl rand -base64 32). It seals what is written.",
    }),
    formerKeys: T.Optional(
      T.Array(T.Unknown({ [secretKeyword]: true, description: "An earlier key." }), {
        description: "Keys that open what they once sealed.",
      }),
    ),
  },
  { additionalProperties: false, description: "Seals the records in the state with AES-256-GCM." },
);

export type EncryptionConfig = Static<typeof encryption>;
