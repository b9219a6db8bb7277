import type { Taking } from "@tributary/adapter-kit";

/** Who acted: `user`, `actor` or `principal`, a text or an object with id, email or name; else `sub`, else `email`. */
export function principal(take: Taking): string | undefined {
  return (
    take.text("userIdentity", "principalId") ??
    named(take, "user") ??
    named(take, "actor") ??
    named(take, "principal") ??
    take.text("sub") ??
    take.text("email")
  );
}

function named(take: Taking, member: string): string | undefined {
  return take.text(member) ?? take.text(member, "id") ?? take.text(member, "email") ?? take.text(member, "name");
}
