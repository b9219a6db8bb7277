import type { SendAnswer, Sender, SendRequest } from "./sender.ts";

/** Asks before each request whether it may still be sent; what `sure` throws is the request's failure. */
export function sureSender(sender: Sender, sure: () => Promise<void>): Sender {
  return {
    rate: sender.rate,
    async send(request: SendRequest): Promise<SendAnswer> {
      await sure();
      return await sender.send(request);
    },
    close: () => sender.close(),
  };
}
