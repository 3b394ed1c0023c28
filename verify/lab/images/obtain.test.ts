import { readdir, readFile, writeFile } from "node:fs/promises";
import { Failure } from "@molly/site";
import { describe, expect, test } from "vitest";
import { temporaryFolder } from "./fixtures/temporary-folder.ts";
import { recordingWorkshop } from "./fixtures/workshop.ts";
import { type Item, obtain, type Way } from "./obtain.ts";

const writes = (how: Way["how"]): Way => ({ how, hash: how.repeat(10), make: (target) => writeFile(target, how) });

const fails = (how: Way["how"]): Way => ({
  ...writes(how),
  make: () => Promise.reject(new Failure({ what: `It can't be ${how}.`, remedy: "None." })),
});

const thing = (...ways: Way[]): Item => ({ name: "thing", version: "1", extension: ".tar", ways });

describe("which way is taken", () => {
  test.each([
    ["pull", "pulled"],
    ["auto", "pulled"],
    ["build", "built"],
  ] as const)("mode %s: %s", async (mode, expected) => {
    await using cache = await temporaryFolder();
    const workshop = recordingWorkshop({ mode, cacheDir: cache.path });
    const had = await obtain(workshop, thing(writes("pulled"), writes("built")));
    expect(had.how).toBe(expected);
    expect(await readFile(had.path, "utf8")).toBe(expected);
    expect(workshop.steps).toEqual(["start thing", "done thing"]);
  });

  test("what is in the cache is taken, whichever way it came there", async () => {
    await using cache = await temporaryFolder();
    await obtain(recordingWorkshop({ mode: "build", cacheDir: cache.path }), thing(writes("built")));
    const workshop = recordingWorkshop({ cacheDir: cache.path });
    const had = await obtain(workshop, thing(fails("pulled"), fails("built")));
    expect(had.how).toBe("cached");
    expect(workshop.steps).toEqual(["cached thing"]);
  });

  test("an assembled thing is made in every mode", async () => {
    await using cache = await temporaryFolder();
    const workshop = recordingWorkshop({ mode: "pull", cacheDir: cache.path });
    expect((await obtain(workshop, { ...thing(writes("built")), assembled: true })).how).toBe("built");
  });
});

describe("when a way fails", () => {
  test("auto takes the next one and says why", async () => {
    await using cache = await temporaryFolder();
    const details: (string | undefined)[] = [];
    const workshop = {
      ...recordingWorkshop({ cacheDir: cache.path }),
      onStep: ({ detail }: { detail?: string }) => void details.push(detail),
    };
    expect((await obtain(workshop, thing(fails("pulled"), writes("built")))).how).toBe("built");
    expect(details).toEqual([undefined, "built; It can't be pulled."]);
  });

  test("auto does not try to pull from a server that does not answer", async () => {
    await using cache = await temporaryFolder();
    // Port 9 of the loopback: discard, which nobody serves.
    const silent = { ...writes("pulled"), from: "http://127.0.0.1:9/v2/" };
    const had = await obtain(recordingWorkshop({ cacheDir: cache.path }), thing(silent, writes("built")));
    expect(had.how).toBe("built");
  });

  test("pull does not build, and says what to do", async () => {
    await using cache = await temporaryFolder();
    const workshop = recordingWorkshop({ mode: "pull", cacheDir: cache.path });
    await expect(obtain(workshop, thing(fails("pulled"), writes("built")))).rejects.toThrowErrorMatchingInlineSnapshot(`
      [Failure: 'thing' 1 could not be had.
        seen: It can't be pulled.
                do:   None.
        do:   See that this machine reaches the registry, or let it build what is missing with \`--images auto\`.]
    `);
    expect(workshop.steps).toEqual(["start thing", "failed thing"]);
    expect(await readdir(cache.path)).toEqual([]);
  });

  test("a bug is not taken for a way that does not work", async () => {
    await using cache = await temporaryFolder();
    const bug = { ...writes("pulled"), make: () => Promise.reject(new TypeError("undefined is not a function")) };
    const workshop = recordingWorkshop({ cacheDir: cache.path });
    await expect(obtain(workshop, thing(bug, writes("built")))).rejects.toThrow(TypeError);
  });

  test("an interrupted run goes no further", async () => {
    await using cache = await temporaryFolder();
    const stop = new AbortController();
    const interrupted = {
      ...writes("pulled"),
      make: () => {
        stop.abort(new Error("interrupted"));
        return Promise.reject(new Failure({ what: "The command was ended.", remedy: "None." }));
      },
    };
    const workshop = recordingWorkshop({ cacheDir: cache.path, signal: stop.signal });
    await expect(obtain(workshop, thing(interrupted, writes("built")))).rejects.toThrow("interrupted");
    expect(await readdir(cache.path)).toEqual([]);
  });
});
