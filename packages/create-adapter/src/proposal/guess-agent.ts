import type { Field } from "./fields-of.ts";
import type { Guess } from "./proposal.ts";
import { rank } from "./rank.ts";

const names = [
  "user_agent",
  "http_user_agent",
  "useragent",
  "raw_user_agent",
  "agent",
  "ua",
  "request_client_application",
  "client_application",
];

/** With what it was done: a member named so, or one whose values are written as user agents are. */
export function guessAgent(fields: readonly Field[], samples: number): Guess | undefined {
  const [best] = rank(fields, {
    samples,
    fits: (value) => typeof value === "string",
    share: 1,
    score: ({ name, values }) => {
      const written =
        values.filter((value) => typeof value === "string" && isWritten(value)).length * 2 >= values.length;
      const listed = names.indexOf(name);
      if (listed >= 0) return (written ? 100 : 50) - listed;
      return values.every((value) => typeof value === "string" && value.startsWith("Mozilla/")) ? 40 : 0;
    },
    what: "is a text",
    isNeeded: false,
  });
  return best;
}

const isWritten = (value: string) => /^[\w.+ -]{1,60}\/v?\d/.test(value);
