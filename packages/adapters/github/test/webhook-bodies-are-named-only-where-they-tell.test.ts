import { expect, test } from "vitest";
import { webhookName } from "../src/webhook-name.ts";

const named = (payload: object) => webhookName({ request: { payload } });
const repository = { full_name: "example-org/shop" };

/** Members of the payloads of other events that have a repository and are created, deleted or edited as repositories are. */
const others = [
  ["alert", "branch", "check_run", "client_payload", "comment", "definition", "deployment", "hook", "key", "label"],
  ["location", "member", "membership", "milestone", "package", "project", "project_card", "project_column", "ref"],
  ["registry_package", "repository_advisory", "repository_ruleset", "rule", "starred_at", "team", "workflow"],
].flat();

test("a payload with a repository and an action of its is the repository's, unless another event's members stand in it", () => {
  for (const action of ["created", "deleted", "archived", "unarchived", "edited", "renamed", "transferred"])
    expect(named({ action, repository, sender: { login: "ada" } })).toBe("repository");
  for (const action of ["publicized", "privatized"]) expect(named({ action, repository })).toBe("repository");
  for (const other of others) {
    expect(named({ action: "created", repository, [other]: { id: 1 } })).not.toBe("repository");
    expect(named({ action: "deleted", repository, [other]: null })).toBeUndefined();
  }
});

test("the header's name stands, whatever the payload looks like", () => {
  expect(webhookName({ event: "star", request: { payload: { action: "created", repository } } })).toBe("star");
});
