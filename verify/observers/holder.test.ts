import { describe, expect, test } from "vitest";
import { parseHolderLine } from "./holder.ts";

const parse = (line: string) => parseHolderLine(line, "kube1", "10.0.1.99");

describe("a line of `ip -ts -o -4 monitor address`", () => {
  test("says that the VIP came, to the microsecond", () => {
    const line =
      "[2026-11-23T05:08:59.146351] 58: ens18    inet 10.0.1.99/24 brd 10.0.1.255 scope global secondary ens18\\       valid_lft forever";
    expect(parse(line)).toEqual([
      {
        t: Date.UTC(2026, 10, 23, 5, 8, 59) + 146.351,
        process: "kube1",
        f: "holder",
        type: "info",
        assigned: true,
        by: "event",
      },
    ]);
  });

  test("says that it went", () => {
    const line =
      "[2026-11-23T05:09:00.425703] Deleted 58: ens18    inet 10.0.1.99/24 scope global ens18\\       valid_lft forever";
    expect(parse(line)).toMatchObject([{ assigned: false, by: "event" }]);
  });

  test.each(["10.0.1.9/24", "10.0.1.990/24", "110.0.1.99/24"])("about %s says nothing", (address) => {
    expect(parse(`[2026-11-23T05:09:00.425703] 58: ens18    inet ${address} scope global ens18`)).toEqual([]);
  });
});

describe("a snapshot", () => {
  test("that lists the VIP finds it, whatever the interface", () => {
    const line =
      "snapshot 1795410539.637440 1795410539.640440 3358.97 58: tun0    inet 10.0.1.99/32 scope global tun0\\       valid_lft 1sec";
    const [holder, clock] = parse(line) ?? [];
    expect(holder).toMatchObject({ f: "holder", assigned: true, by: "snapshot", t: 1795410539637.44 });
    expect((holder as { answeredAfterMs: number }).answeredAfterMs).toBeCloseTo(3, 3);
    expect(clock).toMatchObject({ f: "clock", wallMs: 1795410539637.44, monotonicMs: 3358970 });
  });

  test("that lists nothing finds nothing", () => {
    expect(parse("snapshot 1795410538.293536 1795410538.299111 3437.63 ")).toMatchObject([
      { assigned: false },
      { f: "clock" },
    ]);
  });
});

test("the hardware address is told once", () => {
  expect(parse("mac 1795410538.402541 02:42:ac:11:00:03")).toEqual([
    { t: 1795410538402.541, process: "kube1", f: "mac", type: "info", mac: "02:42:ac:11:00:03" },
  ]);
});

test.each(["", "Terminated", 'Device "ens19" does not exist.', "bash: line 3: ip: command not found"])(
  "%j is not understood",
  (line) => {
    expect(parse(line)).toBeUndefined();
  },
);
