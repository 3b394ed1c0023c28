import { expect, test } from "vitest";
import { type S3Request, signed } from "./s3-signature.ts";

const credentials = {
  accessKeyId: "AKIAIOSFODNN7EXAMPLE",
  secretAccessKey: "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
};
const at = new Date("2013-05-24T00:00:00Z");
const of = (path: string): URL => new URL(`https://examplebucket.s3.amazonaws.com${path}`);

/** Amazon's own examples, from "Signature Calculations for the Authorization Header". */
const examples: readonly (readonly [string, S3Request, string])[] = [
  [
    "an object's part",
    { method: "GET", url: of("/test.txt"), headers: { range: "bytes=0-9" } },
    "f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41",
  ],
  [
    "an object that is put",
    {
      ...{ method: "PUT", url: of("/test$file.text"), body: "Welcome to Amazon S3." },
      headers: { "date": "Fri, 24 May 2013 00:00:00 GMT", "x-amz-storage-class": "REDUCED_REDUNDANCY" },
    },
    "98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd",
  ],
  [
    "a word without a value",
    { method: "GET", url: of("/?lifecycle") },
    "fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543",
  ],
  [
    "a list",
    { method: "GET", url: of("/?max-keys=2&prefix=J") },
    "34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7",
  ],
];

test.each(examples)("%s has Amazon's own signature", (_what, request, signature) => {
  expect(signed(request, credentials, "us-east-1", at)["authorization"]).toMatch(new RegExp(`Signature=${signature}$`));
});

test("a lent key's token is sent, and signed", () => {
  const headers = signed(examples[3]![1], { ...credentials, sessionToken: "lent" }, "us-east-1", at);
  expect(headers["x-amz-security-token"]).toBe("lent");
  expect(headers["authorization"]).toContain("x-amz-date;x-amz-security-token,");
});
