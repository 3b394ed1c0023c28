import { Failure } from "@molly/site";
import type { GoModule } from "./go-modules.ts";

/** The version that the text of a go.mod requires of a module, without "v". */
export function requiredVersion(goMod: string, module: string): string | undefined {
  const words = goMod.split("\n").map((line) =>
    line
      .trim()
      .replace(/^require /, "")
      .split(" "),
  );
  return words.find(([path, version]) => path === module && version?.startsWith("v"))?.[1]?.slice(1);
}

/** @throws Failure when the folder pins another version than the one that is asked for. */
export function checkRequiredVersion(goMod: string, { name, requires: { module, version } }: GoModule): void {
  const pinned = requiredVersion(goMod, module);
  if (pinned === version) return;
  throw new Failure({
    what: `${module} v${version} can't be compiled here: verify/lab/images/go/${name}/go.mod pins another version.`,
    seen: pinned === undefined ? `no line that requires ${module}` : `v${pinned}`,
    remedy: `Put v${version} into that go.mod, run \`go mod tidy\` there and commit both its files; or pull with \`--images pull\`.`,
  });
}
