import { mkdir, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import fc from "fast-check";
import { expect, test } from "vitest";
import { contentHash, folderHash } from "./content-hash.ts";
import { temporaryFolder } from "./fixtures/temporary-folder.ts";

test("parts are kept apart: only equal lists have equal hashes", () => {
  const parts = fc.array(fc.string({ maxLength: 3 }), { maxLength: 4 });
  fc.assert(
    fc.property(parts, parts, (some, others) => {
      expect(contentHash(...some) === contentHash(...others)).toBe(JSON.stringify(some) === JSON.stringify(others));
    }),
  );
  expect(contentHash("ab", "c")).not.toBe(contentHash("a", "bc"));
});

test("a folder's hash follows paths and contents, not times", async () => {
  await using folder = await temporaryFolder();
  await mkdir(join(folder.path, "sub"));
  const file = join(folder.path, "sub", "file");
  await writeFile(file, "text");
  const before = await folderHash(folder.path);

  await utimes(file, 1, 1);
  expect(await folderHash(folder.path)).toBe(before);

  await writeFile(file, "other text");
  const changed = await folderHash(folder.path);
  expect(changed).not.toBe(before);

  await writeFile(join(folder.path, "second"), "");
  expect(await folderHash(folder.path)).not.toBe(changed);
});
