/** What tells the payload of one webhook event from those of the others. */
export interface WebhookKind {
  readonly event: string;
  /** The member that says what changed. */
  readonly subject: string;
  /** What stands in every such payload beside the subject. */
  readonly beside?: readonly string[];
  /** Members of other events' payloads that hold this subject too. */
  readonly without?: readonly string[];
  /** Which actions there are, where other events share the members; `none` for events that have no action. */
  readonly actions?: ReadonlySet<string> | "none";
}

/** What changed in the other events whose payloads have a repository and an action of its. */
const subjectsOfOthers: readonly string[] = [
  ["alert", "branch", "check_run", "check_suite", "client_payload", "comment", "definition", "deployment"],
  ["discussion", "forkee", "hook", "issue", "key", "label", "location", "member", "membership", "milestone"],
  ["package", "project", "project_card", "project_column", "pull_request", "ref", "registry_package", "release"],
  ["repository_advisory", "repository_ruleset", "rule", "starred_at", "team", "workflow", "workflow_job"],
  ["workflow_run"],
].flat();

const repositoryActions: ReadonlySet<string> = new Set(
  "created deleted archived unarchived edited renamed transferred publicized privatized".split(" "),
);

/**
 * The events whose payloads can be told by their members, the first that fits. All others cannot: their name stands in the header
 * X-GitHub-Event alone. Vendor page: docs.github.com, "Webhook events and payloads".
 */
export const webhookKinds: readonly WebhookKind[] = [
  { event: "pull_request_review_comment", subject: "comment", beside: ["pull_request"] },
  { event: "pull_request_review_thread", subject: "thread", beside: ["pull_request"] },
  { event: "pull_request_review", subject: "review", beside: ["pull_request"] },
  { event: "pull_request", subject: "pull_request" },
  { event: "issue_comment", subject: "comment", beside: ["issue"] },
  { event: "issues", subject: "issue" },
  { event: "discussion_comment", subject: "comment", beside: ["discussion"] },
  { event: "discussion", subject: "discussion" },
  { event: "workflow_job", subject: "workflow_job" },
  { event: "workflow_run", subject: "workflow_run", without: ["deployment", "since", "approver"] },
  { event: "check_run", subject: "check_run", without: ["deployment"] },
  { event: "check_suite", subject: "check_suite" },
  { event: "release", subject: "release" },
  { event: "push", subject: "repository", beside: ["ref", "commits"], actions: "none" },
  { event: "gollum", subject: "pages", actions: "none" },
  { event: "fork", subject: "forkee", actions: "none" },
  { event: "repository", subject: "repository", without: subjectsOfOthers, actions: repositoryActions },
];
