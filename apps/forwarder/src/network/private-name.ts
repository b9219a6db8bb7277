/**
 * Ends of names that the public DNS never has: RFC 6761, 6762 (with its appendix G), 7686, 8375, 9476, ICANN's `internal`, and
 * Kubernetes' `svc`.
 */
const ends: ReadonlySet<string> = new Set(
  "alt corp example home internal intranet invalid lan local localhost onion private svc test".split(" "),
);

/** Whether a name can only be one of a private network: it has no dot, or ends as no public name does. */
export function isPrivateName(host: string): boolean {
  const labels = host.toLowerCase().replace(/\.$/, "").split(".");
  const last = labels.at(-1) ?? "";
  return labels.length < 2 || ends.has(last) || (last === "arpa" && labels.at(-2) === "home");
}
