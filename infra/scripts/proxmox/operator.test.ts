// eslint-disable-next-line @typescript-eslint/no-restricted-imports -- verify/lab/process.ts is out of reach: infra never imports verify
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { parse } from "smol-toml";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { secondSite, testedSites } from "../../fixtures/sites.ts";
import { cephStackFiles, serversStackFiles } from "../../servers/stack-files.ts";

const [site] = testedSites;
if (site === undefined) throw new Error("There is no site to test with.");

let folder = "";
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), "molly-operator-"))));
afterEach(() => rmSync(folder, { recursive: true }));

function write(path: string, text: string, executable = false): string {
  const whole = join(folder, path);
  mkdirSync(dirname(whole), { recursive: true });
  writeFileSync(whole, text, { mode: executable ? 0o755 : 0o644 });
  return whole;
}

const run = (script: string, args: readonly string[], env: Readonly<Record<string, string>> = {}) => {
  const path = `${join(folder, "bin")}:${process.env["PATH"]}`;
  const { status, stdout, stderr } = spawnSync(join(folder, script), args, {
    encoding: "utf8",
    env: { PATH: path, ...env },
  });
  return { exitCode: status, output: stdout + stderr };
};

describe("on-server.sh", () => {
  /** In place of a server: its home is a folder by its address, and its root is who we are. */
  const ssh = `#!/bin/sh
printf '%s\\n' "$@" >>"$HOMES/arguments"
while [ "$1" != 10.0.1.13 ]; do case $1 in -F | -o) shift 2 ;; *) echo "unknown host $1" >&2; exit 255 ;; esac; done
cd "$HOMES/$1" 2>/dev/null || { echo "connect to host $1 port 22: No route to host" >&2; exit 255; }
shift
exec sh -c "$*"
`;
  const onServer = (args: readonly string[], env = {}) =>
    run("on-server.sh", args, { HOMES: join(folder, "homes"), ...env });

  beforeEach(() => {
    for (const { path, text, executable } of cephStackFiles(site)) write(path, text, executable);
    write("bin/ssh", ssh, true);
    write("homes/10.0.1.13/.profile", "");
    write("scripts/echo.sh", 'echo "$# of ${0##*/} in $(basename "$(pwd)")"; for word; do echo "<$word>"; done\n');
  });

  test("lays the scripts down and runs one, its arguments as they are", () => {
    const words = ["--disk", "it's", "$HOME *", ""];
    expect(onServer(["pve3", "echo.sh", ...words])).toEqual({
      exitCode: 0,
      output: ["4 of echo.sh in 10.0.1.13", ...words.map((word) => `<${word}>`), ""].join("\n"),
    });
    const there = join(folder, "homes/10.0.1.13/.molly/ceph");
    expect(readFileSync(join(there, "parameters.env"), "utf8")).toContain('MOLLY_STACK="ceph"');
    expect(statSync(there).mode & 0o077).toBe(0);
  });

  test("leaves nothing of what it laid down before", () => {
    const stale = write("homes/10.0.1.13/.molly/ceph/old.sh", "");
    onServer(["pve3", "echo.sh"]);
    expect(existsSync(stale)).toBe(false);
  });

  test("ends as the script does", () => {
    write("scripts/fails.sh", "exit 7\n");
    expect(onServer(["pve3", "fails.sh"]).exitCode).toBe(7);
  });

  test("hands the agent on only where it is asked to", () => {
    const asked = () => readFileSync(join(folder, "homes/arguments"), "utf8").match(/ForwardAgent=\w+/g);
    onServer(["pve3", "echo.sh"]);
    expect(new Set(asked())).toEqual(new Set(["ForwardAgent=no"]));
    onServer(["--forward-agent", "pve3", "echo.sh"]);
    expect(asked()?.at(-1)).toBe("ForwardAgent=yes");
  });

  test.each([
    [["pve4", "echo.sh"], /pve4: could not be reached at 10\.0\.1\.14/],
    [["pve9", "echo.sh"], /pve9: is no server of the site: pve0=/],
    [["pve3", "gone.sh"], /there is no .*scripts\/gone\.sh/],
  ])("tells why not: %j", (args, reason) => {
    const { exitCode, output } = onServer(args);
    expect(exitCode).toBe(1);
    expect(output).toMatch(reason);
  });
});

describe("build-isos.sh", () => {
  /** In place of Proxmox's: the medium is the answer file that went in. */
  const assistant = `#!/bin/sh
case $1 in
  validate-answer) [ -s "$2" ] ;;
  prepare-iso) [ "$3 $4 $5 $7" = "--fetch-from iso --answer-file --output" ] && cp "$6" "$8" && echo "made $8" ;;
esac
`;
  const hash = "$y$j9T$a/b.c1$SK.h4QW51";
  const inputs = () => ({
    iso: write("pve.iso", "iso"),
    hash: write("hash", `${hash}\n`),
    keys: write("keys", 'ssh-ed25519 AAAA/+== "ann"\n# a comment\nssh-rsa BBBB ben\n'),
  });
  const lay = (of: typeof site) => {
    for (const { path, text, executable } of serversStackFiles(of)) write(path, text, executable);
    write("bin/proxmox-auto-install-assistant", assistant, true);
  };
  const build = (...args: string[]) => run("build-isos.sh", [...args, "--out", join(folder, "isos")]);
  const given = () => {
    const { iso, hash, keys } = inputs();
    return ["--iso", iso, "--hash-file", hash, "--ssh-keys", keys];
  };

  test("makes a medium for each server, which nobody else may read, with root's hash and keys in it", () => {
    lay(secondSite);
    const { exitCode, output } = build(...given());
    expect({ exitCode, shows: output.includes(hash) }).toEqual({ exitCode: 0, shows: false });
    for (const { name } of secondSite.servers) {
      const path = join(folder, "isos", `${name}.iso`);
      expect(statSync(path).mode & 0o077, name).toBe(0);
      expect(parse(readFileSync(path, "utf8"))["global"]).toMatchObject({
        "fqdn": `${name}.${secondSite.proxmox.domain}`,
        "root-password-hashed": hash,
        "root-ssh-keys": ['ssh-ed25519 AAAA/+== "ann"', "ssh-rsa BBBB ben"],
      });
    }
  });

  test("fills in what the site leaves open", () => {
    lay(site);
    const hardware = ["pve1 mac 52:54:00:00:00:01", "pve1 disk ata-ACME_S1", "pve1 disk nvme-ACME_S2"].join("\n");
    expect(build(...given(), "--hardware", write("hardware", `${hardware}\n`)).exitCode).toBe(2);
    const only = run("build-isos.sh", [
      ...given(),
      "--hardware",
      join(folder, "hardware"),
      "--out",
      join(folder, "isos"),
      "pve1",
    ]);
    expect(only.exitCode).toBe(0);
    expect(parse(readFileSync(join(folder, "isos/pve1.iso"), "utf8"))).toMatchObject({
      "network": { filter: { ID_NET_NAME_MAC: "*525400000001" } },
      "disk-setup": { filter: { DEVLINKS: "*/disk/by-id/ata-ACME_S1*", ID_SERIAL: "ACME_S2*" } },
    });
  });

  test("tells all that is missing at once, and makes nothing", () => {
    lay(site);
    rmSync(join(folder, "bin/proxmox-auto-install-assistant"));
    write("hash", "hunter2hunter2\n");
    const { exitCode, output } = build("--hash-file", join(folder, "hash"));
    expect(exitCode).toBe(2);
    for (const reason of ["--iso: name", "never the password", "at least one SSH public key", "is not installed"])
      expect(output).toContain(reason);
    for (const { name } of site.servers) {
      expect(output).toContain(`${name}: its network card is not known`);
      expect(output).toContain(`${name}: the two disks of its mirror are not known`);
    }
    expect(output).not.toContain("hunter2");
    expect(existsSync(join(folder, "isos"))).toBe(false);
  });
});
