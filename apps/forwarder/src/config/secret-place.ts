import { Type as T } from "@sinclair/typebox";

const closed = { additionalProperties: false } as const;
const text = (description: string, more: object = {}) => T.String({ minLength: 1, description, ...more });

/** Where a secret is; never the secret itself. Stands wherever an adapter's schema has a `SecretOption`. */
export const secretPlace = T.Union(
  [
    T.Object({ env: text("Name of an environment variable.") }, closed),
    T.Object({ file: text("A file that holds it; a line feed at its end is left out.") }, closed),
    T.Object(
      {
        command: T.Array(T.String(), {
          minItems: 1,
          description: "A program and its arguments, run without a shell; what it prints is the secret.",
        }),
      },
      closed,
    ),
  ],
  { description: "Where the secret is: {env: NAME}, {file: PATH} or {command: [PROGRAM, ...]}." },
);
