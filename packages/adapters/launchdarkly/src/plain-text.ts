import { textAt } from "@tributary/adapter-kit";
import { usedToken } from "./entries.ts";

/** One line that says who did what to which target, as the title of integrations has it; undefined without a verb. */
export function plainText(record: unknown): string | undefined {
  const title = textAt(record, "title", "plainText");
  const verb = textAt(record, "titleVerb");
  if (title !== undefined || verb === undefined) return title;
  const target = textAt(record, "target", "name") ?? textAt(record, "name");
  return [who(record), verb, target].filter((part) => part !== undefined).join(" ");
}

function who(record: unknown): string | undefined {
  const names = [textAt(record, "member", "firstName"), textAt(record, "member", "lastName")];
  const name = names.filter((part) => part !== undefined).join(" ");
  return (
    (name || undefined) ??
    textAt(record, "member", "email") ??
    textAt(record, usedToken, "name") ??
    textAt(record, "app", "name") ??
    textAt(record, "subject", "name")
  );
}
