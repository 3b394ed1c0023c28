import { Failure } from "@molly/site";
import { z } from "zod";
import type { GitHub } from "./api.ts";

/** What a comment of GitHub's may have. It counts characters; bytes are never fewer. */
export const commentLimit = 65_536;

const Comment = z.object({
  id: z.number(),
  body: z.string().nullish(),
  user: z.object({ login: z.string() }).nullish(),
});
const Made = z.object({ html_url: z.string() });

/**
 * Keeps one comment on a pull request: made the first time, changed ever after.
 * @param body its first line is a mark, by which the comment is found again
 * @returns its address
 */
export async function keepComment(github: GitHub, pullRequest: number, body: string): Promise<string> {
  const mark = body.split("\n", 1)[0] ?? "";
  if (!/^<!-- [\w:-]+ -->$/.test(mark) || Buffer.byteLength(body) > commentLimit)
    throw new Failure({
      what: "This can't be a comment that is kept.",
      seen: `It has ${Buffer.byteLength(body)} bytes and begins with: ${mark.slice(0, 80)}`,
      remedy: `Begin with a mark such as <!-- molly-diff -->, and stay within ${commentLimit} bytes.`,
      badInput: true,
    });
  const me = await github.whoAmI();
  const comments = z.array(Comment).parse(await github.list(`issues/${pullRequest}/comments`));
  // Somebody else's comment may begin with the same mark: it is not ours to change.
  const mine = comments.find(({ body: text, user }) => user?.login === me && text?.startsWith(mark));
  const answer =
    mine === undefined
      ? await github.post(`issues/${pullRequest}/comments`, { body })
      : await github.patch(`issues/comments/${mine.id}`, { body });
  return Made.parse(answer).html_url;
}
