import { textAt } from "@tributary/adapter-kit";

/** What a resource specifier such as `proj/p:env/e:segment/s;backend,frontend` names. */
export interface Resource {
  readonly projectKey?: string | undefined;
  readonly environmentKey?: string | undefined;
  /** Key of the last part: the flag, segment, member ... itself. */
  readonly resourceKey?: string | undefined;
  /** Tags of the last part. */
  readonly tags?: readonly string[] | undefined;
}

/**
 * The keys in an entry's first resource: that of its first access, else of its target. The context of integrations has no
 * specifiers; its `project` says the same and comes first, empty texts aside.
 * Vendor page: launchdarkly.com, "Using resources", resource specifier syntax.
 */
export function resource(record: unknown): Resource {
  const specifier = textAt(record, "accesses", 0, "resource") ?? textAt(record, "target", "resources", 0);
  const parts = (specifier ?? "").split(":").map((part) => {
    const [path = "", tags] = part.split(";", 2);
    const slash = path.indexOf("/");
    return { kind: path.slice(0, Math.max(slash, 0)), key: path.slice(slash + 1), tags };
  });
  const key = (kind: string) => parts.find((part) => part.kind === kind)?.key || undefined;
  const last = parts.at(-1);
  return {
    projectKey: textAt(record, "project", "key") ?? key("proj"),
    environmentKey: textAt(record, "project", "environment", "key") ?? key("env"),
    resourceKey: textAt(record, "key") ?? (last?.key || undefined),
    tags: last?.tags?.split(","),
  };
}
