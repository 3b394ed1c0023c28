import { terraformGrants } from "@molly/infra";
import { Failure, messageOf } from "@molly/site";
import {
  exitCodeOfJudgements,
  type PreflightStack,
  preflightStack,
  preflightStacks,
  proxmoxApi,
  trustedByTerraform,
} from "@molly/verify";
import { Argument } from "commander";
import { command, runProgram } from "../program.ts";
import { renderedSite, siteOption, type SiteOptions } from "../site.ts";

interface Options extends SiteOptions {
  readonly json?: true;
}

/** Terraform's own ways to hand these over: whoever can apply can run this. */
const tokenVariable = "TF_VAR_proxmox_api_token";
const trustVariable = "SSL_CERT_FILE";

await runProgram(({ signal }, done) =>
  command(
    "preflight",
    "Ask Proxmox VE's API whether a stack can be applied: servers, the token's rights, storages. Changes nothing.",
  )
    .addArgument(new Argument("<stack>", "which is to be applied").choices(preflightStacks))
    .addOption(siteOption())
    .option("--json", "as JSON")
    .addHelpText(
      "after",
      `\n${tokenVariable}  the stack's proxmox_api_token\n${trustVariable}             file of trusted certificates, as for Terraform`,
    )
    .action(async (stack: PreflightStack, { json, ...options }: Options) => {
      const site = await renderedSite(options);
      const token = givenToken();
      const trusted = await givenTrust();
      const ask = proxmoxApi({ token, signal, ...(trusted === undefined ? {} : { trusted }) });
      const grants = terraformGrants(site.network.bridge);
      const findings = await preflightStack({ site, stack, grants, token, ask });
      signal.throwIfAborted();
      if (json) console.log(JSON.stringify(findings, undefined, 2));
      else if (findings.length === 0) console.log(`Nothing stands in the way of \`terraform apply\` in ${stack}.`);
      for (const { where, cause, remedy } of json ? [] : findings) console.log(`✗ ${where} ${cause}.\n  do: ${remedy}`);
      done(exitCodeOfJudgements(findings.length === 0 ? ["ok"] : findings.map(({ verdict }) => verdict)));
    }),
);

/** @throws Failure when there is none, or none that a token could be. */
function givenToken(): string {
  const token = process.env[tokenVariable] ?? "";
  if (/^[^@\s]+@[^!\s]+![^=\s]+=\S+$/.test(token)) return token;
  throw new Failure({
    what: `${tokenVariable} is ${token === "" ? "not set" : "no token"}.`,
    remedy: "Set it to the output `terraform_api_token` of the stack servers: user@realm!name=secret.",
    badInput: true,
  });
}

/** @throws Failure when the file is named and can't be read */
async function givenTrust(): Promise<string | undefined> {
  try {
    return await trustedByTerraform(process.env[trustVariable]);
  } catch (cause) {
    const remedy = `Correct ${trustVariable}, or leave it out where the servers' certificates are publicly known.`;
    throw new Failure({ what: `${trustVariable} can't be read.`, seen: messageOf(cause), remedy, badInput: true });
  }
}
