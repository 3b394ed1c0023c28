import { readFileSync } from "node:fs";
import { join } from "node:path";
import { inspect } from "node:util";
import { describe, expect, test } from "vitest";
import { readSides } from "../read-tree.ts";
import { Hidden, hideSecrets } from "./hidden.ts";
import { isSecretName } from "./secret-name.ts";
import { hiddenText, hideInLine, hideInText, isSecretFile } from "./secret-text.ts";
import { showValue } from "./show-value.ts";

const root = join(import.meta.dirname, "../../..");

describe("a name tells a secret", () => {
  test.each(["password", "DB_PASSWORD", "apiToken", "api-key", "clientSecret", "private_key", "auth_pass", "authKey"])(
    "%s",
    (name) => expect(isSecretName(name)).toBe(true),
  );

  test.each([
    "secretName",
    "secretKeyRef",
    "tokenTTL",
    "passwordFile",
    "monkey",
    "keys",
    "public_key",
    "token_url",
    "name",
  ])("%s does not", (name) => expect(isSecretName(name)).toBe(false));

  // What only the provider computes stands in no file: a plan has it, and says itself that it is sensitive.
  test("every attribute that a file can give and the provider calls sensitive has such a name", () => {
    const schema = readFileSync(join(root, "infra/bindings/schema.json"), "utf8");
    const names: string[] = [];
    JSON.parse(schema, (key, value: { sensitive?: boolean; optional?: boolean; required?: boolean } | undefined) => {
      if (value?.sensitive === true && (value.optional || value.required)) names.push(key);
      return value;
    });
    expect(names.length).toBeGreaterThan(3);
    expect(names.filter((name) => !isSecretName(name))).toEqual([]);
  });
});

describe("a line is told without its secret", () => {
  test.each([
    ["password: hunter2", "hunter2"],
    ["password: correct horse battery", "horse"],
    ['"password": "a\\"b-tail", "user": "x"', "tail"],
    ["export API_TOKEN='it''s-secret'", "s-secret"],
    ["password: $ecret123", "ecret123"],
    ["--token abc123 --verbose", "abc123"],
    ["url = postgres://user:sup3r@host/db", "sup3r"],
    ["    auth_pass swordfish", "swordfish"],
    ["    stats auth admin:swordfish", "swordfish"],
    ["user ops insecure-password swordfish", "swordfish"],
    ["kubeadm join --token abcdef.0123456789abcdef", "0123456789abcdef"],
    ["passwd: $6$salt$hashhashhashhashhash", "hashhash"],
    ['last: {"data":"{\\"password\\":\\"hunter2\\"}"}', "hunter2"],
    ["x: root@pam!ci=0d9c6f3a-1111-2222-3333-abcdefabcdef", "0d9c6f3a"],
    ["Authorization: Bearer abcdefghijklmnop", "abcdefghijklmnop"],
    ["# password: hunter2", "hunter2"],
  ])("%s", (line, secret) => {
    expect(hideInLine(line)).not.toContain(secret);
    expect(hideInLine(line)).toContain(hiddenText);
  });

  test.each([
    "secretName: tls",
    "password: ${var.password}",
    "image: quay.io/calico/node:v3.32.1",
    "token: ENC[AES256_GCM,data:x,iv:y]",
  ])("%s holds none", (line) => expect(hideInLine(line)).not.toContain(hiddenText));
});

test("a private key and a block below a secret's name are hidden to their ends, and no line is lost", () => {
  const text =
    "a: 1\nkey: |\n  -----BEGIN EC PRIVATE KEY-----\n  MHcC\n  -----END EC PRIVATE KEY-----\npassword: |\n  swordfish\nb: 2";
  const hidden = hideInText(text);
  expect(hidden).not.toMatch(/MHcC|swordfish/);
  expect(hidden.split("\n")).toHaveLength(8);
  expect(hidden).toMatch(/^a: 1\n[^]*\nb: 2$/);
});

test("a hidden value is compared, and neither printed nor serialised", () => {
  const [one, same, other] = [new Hidden("swordfish"), new Hidden("swordfish"), new Hidden("trout")];
  expect([one.equals(same), one.equals(other)]).toEqual([true, false]);
  expect([String(one), JSON.stringify(one), inspect(one, { depth: 9, showHidden: true })].join()).not.toContain(
    "swordfish",
  );
});

test("whatever a Secret holds is one, in a list too, and what kubectl remembers of it", () => {
  const secret = {
    kind: "Secret",
    metadata: { annotations: { "kubectl.kubernetes.io/last-applied-configuration": "trout" } },
    data: { innocent: "c3dvcmQ=" },
  };
  expect(showValue(hideSecrets({ items: [secret] }))).not.toMatch(/trout|c3dvcmQ/);
});

test.each(["/etc/ha.d/authkeys", "/etc/kubernetes/admin.conf", "/etc/ssl/x.key"])("%s is secret as a whole", (path) =>
  expect(isSecretFile(path)).toBe(true),
);

test("nothing that is rendered for a site is taken for a secret: false alarms are not believed for long", async () => {
  const [, { tree }] = await readSides(root, { base: "HEAD" });
  expect(tree.size).toBeGreaterThan(100);
  const wrong = [...tree].flatMap(([path, { text }]) =>
    isSecretFile(path)
      ? [path]
      : hideInText(text)
          .split("\n")
          .filter((line) => line.includes(hiddenText))
          .map((line) => `${path}: ${line}`),
  );
  expect(wrong).toEqual([]);
});
