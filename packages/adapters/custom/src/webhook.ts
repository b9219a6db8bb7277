import { Type as T } from "@sinclair/typebox";
import type { Webhook } from "@tributary/adapter-kit";

/** To be written. */
export const webhook: Webhook = {
  options: T.Object({}),
  receive: () => Promise.resolve({ kind: "refused", status: 400, message: "" }),
};
