import { expect, test } from "vitest";
import { checkStoreModel } from "./store-model.ts";

test("create, update, delete, restore, purge, channels and time, in any order: every answer is the model's", async () => {
  await expect(checkStoreModel(200)).resolves.toBeUndefined();
});
