import { array, constantFrom, option, record } from "fast-check";
import type { Check } from "../core/check.ts";
import { expects } from "../core/unmet.ts";
import type { ServerWorld } from "../server/server-world.ts";
import type { RoleSession } from "../wire/identity.ts";
import { administratorRole, expectedDecision } from "./expected-decision.ts";
import { allow, denied, document, granted, mayPut, session, thirdAccount, withPolicy } from "./policy-world.ts";

const foreign = ["control-plane", "other-role"] as const;
const own = ["control-plane", "role"] as const;
const externalIdIs = (id: string) => ({ Condition: { StringEquals: { "cloudtrail:ExternalId": id } } });

/** ARNs that look like a session's, and are not its own. */
function neighbours({ roleArn, sessionArn }: RoleSession): readonly string[] {
  return [
    `${roleArn}2`,
    roleArn.replace(":role/", ":user/"),
    `${sessionArn}2`,
    sessionArn.replace(/\/[^/]+$/, "/other"),
  ];
}

/** Throws `Unmet` unless the session may put events under an Allow of this principal. */
async function grantedBy(world: ServerWorld, principal: string, who: RoleSession): Promise<void> {
  await withPolicy(world, document(allow(world, principal)), () =>
    granted(world, `${who.sessionArn}, where the policy names ${principal},`, who),
  );
}

/** A session of another account's role puts events where a policy names this of it. */
const namedBy = (clause: string, name: (who: RoleSession) => string): Check<ServerWorld> => ({
  clause,
  needs: foreign,
  run: async (world) => {
    const who = session(world, "otherRole");
    await grantedBy(world, name(who), who);
  },
});

/** Spec 3.4: how a policy decides about sessions of roles. */
export const roleChecks: readonly Check<ServerWorld>[] = [
  namedBy("policy/role/named-by-its-role", ({ roleArn }) => roleArn),
  namedBy("policy/role/session-named", ({ sessionArn }) => sessionArn),
  namedBy("policy/role/account-named", ({ accountId }) => accountId),
  {
    clause: "policy/role/other-names-refused",
    needs: foreign,
    run: async (world) => {
      const who = session(world, "otherRole");
      for (const principal of neighbours(who))
        await withPolicy(world, document(allow(world, principal)), () =>
          denied(world, `${who.sessionArn}, where the policy names ${principal},`, who),
        );
    },
  },
  {
    clause: "policy/role/denied-by-its-role",
    needs: foreign,
    run: async (world) => {
      const who = session(world, "otherRole");
      for (const principal of [who.roleArn, who.sessionArn]) {
        const statements = [allow(world, who.accountId), allow(world, principal, { Effect: "Deny" })];
        await withPolicy(world, document(statements), () =>
          denied(world, `${who.sessionArn}, whose account is allowed and ${principal} denied,`, who),
        );
      }
    },
  },
  {
    clause: "policy/role/external-id",
    needs: foreign,
    run: async (world) => {
      const who = session(world, "otherRole");
      await withPolicy(world, document(allow(world, who.roleArn, externalIdIs("partner-1"))), async () => {
        await granted(world, `a session of ${who.roleArn}`, who, "partner-1");
        await denied(world, `a session of ${who.roleArn}`, who, "partner-2");
        await denied(world, `a session of ${who.roleArn}`, who);
      });
    },
  },
  {
    clause: "policy/role/any-policy",
    needs: foreign,
    run: async (world, { property }) => {
      const who = session(world, "otherRole");
      const principals = [who.roleArn, who.sessionArn, who.accountId, thirdAccount, ...neighbours(who)];
      const statement = record({
        Effect: constantFrom("Allow", "Allow", "Deny"),
        principal: constantFrom(...principals),
        externalId: option(constantFrom("ids-a", "ids-b"), { nil: undefined }),
      }).map(({ Effect, principal, externalId }) =>
        allow(world, principal, { Effect, ...(externalId !== undefined && externalIdIs(externalId)) }),
      );
      await property(
        record({
          statements: array(statement, { minLength: 1, maxLength: 4 }),
          externalId: option(constantFrom("ids-a", "ids-b"), { nil: undefined }),
        }),
        async ({ statements, externalId }, witness) => {
          const text = document(statements);
          const [channelArn, ownerId] = [world.channelArn, world.accountId];
          const expected = expectedDecision({ text, channelArn, ownerId, caller: administratorRole(who), externalId });
          witness();
          await withPolicy(world, text, async () => {
            const may = await mayPut(world, who, externalId);
            expects(
              may === expected,
              `${who.sessionArn}, external id ${externalId ?? "none"}: ${expected ? "granted" : "refused"}`,
              may ? "granted" : "refused",
            );
          });
        },
      );
    },
  },
  {
    clause: "policy/role/own-without-a-policy-refused",
    needs: own,
    run: async (world) => {
      const who = session(world, "role");
      await denied(world, `${who.sessionArn}, whose role has no policy,`, who);
      await withPolicy(world, document(allow(world, thirdAccount)), () =>
        denied(world, `${who.sessionArn}, whom no policy names,`, who),
      );
    },
  },
  {
    clause: "policy/role/own-granted-by-name",
    needs: own,
    run: async (world) => {
      const who = session(world, "role");
      for (const principal of [who.roleArn, who.sessionArn]) await grantedBy(world, principal, who);
    },
  },
  {
    clause: "policy/role/own-account-delegates",
    needs: own,
    run: async (world) => {
      const who = session(world, "role");
      for (const principal of [who.accountId, `arn:aws:iam::${who.accountId}:root`])
        await withPolicy(world, document(allow(world, principal)), () =>
          denied(world, `${who.sessionArn}, whose account alone is named,`, who),
        );
    },
  },
];
