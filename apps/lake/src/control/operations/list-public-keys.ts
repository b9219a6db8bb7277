import { type Static, Type as T } from "@sinclair/typebox";
import { authorize } from "../authorize.ts";
import { controlError } from "../control-error.ts";
import type { StateOperation } from "../operation.ts";

const ListPublicKeysRequest = T.Object({
  StartTime: T.Optional(T.Number()),
  EndTime: T.Optional(T.Number()),
  NextToken: T.Optional(T.String()),
});

/** A key signs until a maintainer of the lake replaces it; there is one, so its end is far away. */
const validMs = 100 * 365 * 86_400_000;

/** The public key, PKCS #1 DER, of what the lake signs: deliveries of results. Answers those valid at any time of the range. */
export const listPublicKeys: StateOperation<Static<typeof ListPublicKeysRequest>> = {
  input: ListPublicKeysRequest,
  decide(call) {
    const { input, env } = call;
    authorize(call, "cloudtrail:ListPublicKeys", "*");
    const start = input.StartTime ?? input.EndTime ?? env.now / 1000;
    const end = input.EndTime ?? Math.max(start, env.now / 1000);
    if (start > end) throw controlError("InvalidTimeRangeException", "StartTime is after EndTime.");
    const { signingKey: key } = call.view.state;
    // A query may have finished in the second in which the key was made.
    const from = key && Math.floor(key.createdAt / 1000);
    const until = key && Math.floor((key.createdAt + validMs) / 1000);
    const listed = key && from! <= end && until! >= start ? [key] : [];
    return {
      changes: [],
      output: {
        PublicKeyList: listed.map(({ publicKey, fingerprint }) => ({
          Value: publicKey,
          ValidityStartTime: from,
          ValidityEndTime: until,
          Fingerprint: fingerprint,
        })),
      },
    };
  },
};
