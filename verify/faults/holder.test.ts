import { expect, test } from "vitest";
import { fakeTarget, isAddress } from "./fixtures/fake-target.ts";
import { findHolder } from "./holder.ts";

test("a VIP that is on its way from one machine to the next is waited for", async () => {
  let looks = 0;
  const target = fakeTarget({
    answer: ({ node, argv }) => {
      if (!isAddress(argv)) return undefined;
      if (node === "kube0") looks++;
      return looks > 2 && node === "kube1" ? " 10.0.1.99/32" : "nothing";
    },
  });
  expect(await findHolder(target)).toBe("kube1");
  expect(looks).toBe(3);
});

test("a VIP that nobody holds for long is told about", async () => {
  await expect(findHolder(fakeTarget({ answer: () => "nothing" }))).rejects.toThrow(
    /5 s for one holder .*10\.0\.1\.99/,
  );
});
