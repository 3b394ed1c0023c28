import { expect, test } from "vitest";
import { terraformName, terraformText } from "./terraform-name.ts";

test("a host name stays itself, unless Terraform would refuse it", () => {
  expect(terraformName("kube0")).toBe("kube0");
  expect(terraformName("3com")).toBe("_3com");
});

test("text is never read as a template", () => {
  expect(terraformText("${var.secret} %{ if true }")).toBe("$${var.secret} %%{ if true }");
  expect(terraformText("5 % of 3 $")).toBe("5 % of 3 $");
});
