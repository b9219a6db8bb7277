import { array, constant, constantFrom, option, record } from "fast-check";
import type { Check } from "../core/check.ts";
import { expects } from "../core/unmet.ts";
import { oneEvent, put } from "../ingest/ingest-world.ts";
import type { ServerWorld } from "../server/server-world.ts";
import { refused } from "../wire/answer.ts";
import { administrator, expectedDecision } from "./expected-decision.ts";
import {
  allow,
  denied,
  document,
  granted,
  mayPut,
  other,
  type Statement,
  thirdAccount,
  withPolicy,
} from "./policy-world.ts";

const needs = ["control-plane", "other-account"] as const;
const externalIdIs = (id: string | readonly string[]) => ({
  Condition: { StringEquals: { "cloudtrail:ExternalId": id } },
});

/** Spec 3.4: who may put events. */
export const decisionChecks: readonly Check<ServerWorld>[] = [
  {
    clause: "policy/decision/owner-needs-none",
    run: async (world) => granted(world, "the owner", world.wire.subject.owner),
  },
  {
    clause: "policy/decision/stranger-refused-without-one",
    needs,
    run: async (world) => {
      await denied(world, "a caller of another account", other(world));
      await denied(world, "a caller of another account", other(world), "partner-1");
    },
  },
  {
    clause: "policy/decision/stranger-granted",
    needs,
    run: async (world) => {
      const { accountId } = other(world);
      for (const principal of [accountId, `arn:aws:iam::${accountId}:root`])
        await withPolicy(world, document(allow(world, principal)), () =>
          granted(world, "a caller whose account is named", other(world)),
        );
    },
  },
  {
    clause: "policy/decision/account-not-named-refused",
    needs,
    run: async (world) =>
      withPolicy(world, document(allow(world, thirdAccount)), () =>
        denied(world, "a caller whose account is not named", other(world)),
      ),
  },
  {
    clause: "policy/decision/unasked-external-id-ignored",
    needs,
    run: async (world) =>
      withPolicy(world, document(allow(world, other(world).accountId)), async () => {
        for (const id of ["partner-1", "a+b=c,d.e@f:g/h-i_j"])
          await granted(world, "a caller whose account is named", other(world), id);
      }),
  },
  {
    clause: "policy/decision/external-id-equal-accepted",
    needs,
    run: async (world) => {
      const { accountId } = other(world);
      await withPolicy(world, document(allow(world, accountId, externalIdIs("partner-1"))), () =>
        granted(world, "the partner", other(world), "partner-1"),
      );
      await withPolicy(world, document(allow(world, accountId, externalIdIs(["partner-1", "partner-2"]))), async () => {
        for (const id of ["partner-1", "partner-2"]) await granted(world, "the partner", other(world), id);
      });
    },
  },
  {
    clause: "policy/decision/external-id-missing-refused",
    needs,
    run: async (world) =>
      withPolicy(world, document(allow(world, other(world).accountId, externalIdIs("partner-1"))), () =>
        denied(world, "the partner", other(world)),
      ),
  },
  {
    clause: "policy/decision/external-id-different-refused",
    needs,
    run: async (world) =>
      withPolicy(world, document(allow(world, other(world).accountId, externalIdIs("partner-1"))), async () => {
        for (const id of ["partner-2", "Partner-1", "partner-11", "partner-", "artner-1"])
          await denied(world, "the partner", other(world), id);
      }),
  },
  {
    clause: "policy/decision/deny-beats-allow",
    needs,
    run: async (world) => {
      const { accountId } = other(world);
      for (const order of [0, 1]) {
        const statements = [allow(world, accountId), allow(world, accountId, { Effect: "Deny" })];
        await withPolicy(world, document(order === 0 ? statements : statements.toReversed()), () =>
          denied(world, "a caller who is allowed and denied", other(world)),
        );
      }
    },
  },
  {
    clause: "policy/decision/owner-denied",
    needs: ["control-plane"],
    run: async (world) =>
      withPolicy(world, document(allow(world, world.accountId, { Effect: "Deny" })), () =>
        denied(world, "an owner whom the policy denies", world.wire.subject.owner),
      ),
  },
  {
    clause: "policy/decision/withdrawn-at-once",
    needs,
    run: async (world) => {
      await withPolicy(world, document(allow(world, other(world).accountId)), () =>
        granted(world, "a caller whose account is named", other(world)),
      );
      await denied(world, "a caller whose policy is gone", other(world));
    },
  },
  {
    clause: "policy/decision/any-policy-and-caller",
    needs,
    run: async (world, { property }) =>
      property(
        record({
          statements: array(statement(world), { minLength: 1, maxLength: 4 }),
          isOwner: constantFrom(true, false),
          externalId: option(constantFrom("ids-a", "ids-b", "IDS-A"), { nil: undefined }),
        }),
        async ({ statements, isOwner, externalId }, witness) => {
          const text = document(statements);
          const caller = isOwner ? world.wire.subject.owner : other(world);
          const expected = expectedDecision({
            text,
            channelArn: world.channelArn,
            ownerId: world.accountId,
            caller: administrator(isOwner ? world.accountId : caller.accountId),
            externalId,
          });
          witness();
          await withPolicy(world, text, async () => {
            const may = await mayPut(world, caller, externalId);
            expects(
              may === expected,
              `${isOwner ? "the owner" : "the other account"}, external id ${externalId ?? "none"}: ${expected ? "granted" : "refused"}`,
              may ? "granted" : "refused",
            );
          });
        },
      ),
  },
  {
    clause: "policy/refusal/names-of-refusals",
    needs,
    run: async (world) => {
      refused(await put(world, oneEvent(world), { as: other(world) }), "ChannelInsufficientPermission", 400);
      await withPolicy(world, document(allow(world, other(world).accountId, externalIdIs("partner-1"))), async () =>
        refused(await put(world, oneEvent(world), { as: other(world) }), "ChannelInsufficientPermission", 400),
      );
    },
  },
  {
    clause: "policy/refusal/existence-is-not-told",
    needs,
    run: async (world) => {
      const there = await put(world, oneEvent(world), { as: other(world) });
      const nowhere = await put(world, oneEvent(world), {
        as: other(world),
        channelArn: world.channelArn.replace(/channel\/.*/, "channel/00000000-0000-4000-8000-00000000dead"),
      });
      expects(
        there.status === nowhere.status && there.code === nowhere.code,
        `the same answer for a channel that is not there: ${there.status} ${there.code}`,
        `${nowhere.status} ${nowhere.code}`,
      );
    },
  },
];

/** Single accounts and the condition on external ids: what every implementation of policies reads alike. */
function statement(world: ServerWorld) {
  return record({
    effect: constantFrom("Allow", "Allow", "Deny"),
    account: constantFrom(world.accountId, other(world).accountId, thirdAccount),
    condition: option(
      record({
        operator: constantFrom("StringEquals", "StringNotEquals", "StringEqualsIgnoreCase", "StringLike"),
        value: constantFrom("ids-a", "ids-b"),
      }),
      { nil: undefined },
    ),
    action: constant(undefined),
  }).map(({ effect, account, condition }): Statement =>
    allow(world, account, {
      Effect: effect,
      ...(condition !== undefined && {
        Condition: { [condition.operator]: { "cloudtrail:ExternalId": condition.value } },
      }),
    }),
  );
}
