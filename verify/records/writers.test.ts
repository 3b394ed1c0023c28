import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, describe, expect, test } from "vitest";
import { type Alert, alertsOf, sendAlerts } from "./alerts.ts";
import { bad, record } from "./fixtures/records.ts";
import { renderRecordJunit } from "./junit.ts";
import { renderPrometheus } from "./prometheus.ts";
import { renderSummary } from "./summary.ts";
import { renderRecordTerminal } from "./terminal.ts";
import { recordHeadline } from "./words.ts";

const plain = { colours: false };

describe("the headline", () => {
  test("of a run that is well says so, and what was left out", () => {
    expect(recordHeadline(record(0))).toBe("Prototype Molly: all is well in 1 check.");
    expect(recordHeadline(record(0, { leftOut: bad(0).leftOut }))).toBe(
      "Prototype Molly: all is well in 1 check. Left out: internet.",
    );
  });

  test("names what is violated and what is unknown", () => {
    expect(recordHeadline(bad(0))).toBe(
      "Prototype Molly: 1 of 3 checks violated (clocks), 1 of 3 checks unknown (ceph). Left out: internet.",
    );
  });

  test("of a run of nothing claims nothing", () => {
    expect(recordHeadline(record(0, { items: [] }))).toBe("Prototype Molly: nothing was run.");
  });
});

describe.each([
  ["the terminal", (one: typeof bad) => renderRecordTerminal(one(0), plain)],
  ["the summary", (one: typeof bad) => renderSummary(one(0))],
  ["JUnit", (one: typeof bad) => renderRecordJunit(one(0))],
])("%s", (_what, render) => {
  test("tells every finding with where, cause and remedy, and what was left out", () => {
    const text = render(bad);
    for (const words of [
      "kube4",
      "4960 ms or more behind",
      "timedatectl",
      "it is not proven here",
      "Make a way",
      "The site has no way out.",
    ])
      expect(text).toContain(words);
    expect(text).toMatchSnapshot();
  });
});

test("a cell of the summary stays one, and brings no markup", () => {
  const rows = renderSummary(bad(0))
    .split("\n")
    .filter((line) => line.startsWith("| clocks") || line.startsWith("| ceph"));
  expect(rows).toHaveLength(2);
  for (const line of rows) expect(line.replaceAll("\\|", "").split("|")).toHaveLength(7);
  expect(rows.join()).not.toContain("<there>");
});

test("Prometheus' file has a line for each verdict and figure, and is well-formed", () => {
  const text = renderPrometheus(bad(0));
  expect(text).toContain('molly_verify_verdict{site="molly",kind="health"} 1\n');
  expect(text).toContain('molly_verify_item_verdict{site="molly",kind="health",item="ceph"} 2\n');
  expect(text).toContain(
    'molly_verify_figure{site="molly",kind="health",item="clocks",figure="furthest apart",unit="ms"} 5000\n',
  );
  for (const line of text.trimEnd().split("\n"))
    expect(line).toMatch(/^(# (HELP|TYPE) [a-z_]+ .+|[a-z_]+\{([a-z]+="[^"\n]*",?)+\} -?[\d.]+)$/);
});

describe("alerts", () => {
  const hour = 3_600_000;

  test("fire beyond the next run, and end with the run in which all is well", () => {
    const [api, clocks, ceph] = alertsOf(bad(0), 2 * hour);
    const end = "2026-11-01T02:00:21.000Z";
    expect([api?.endsAt, clocks?.endsAt, ceph?.endsAt]).toEqual([
      end,
      "2026-11-01T04:00:21.000Z",
      "2026-11-01T04:00:21.000Z",
    ]);
    expect(clocks?.annotations["description"]).toContain(
      "kube4: its clock is 4960 ms or more behind the others — `timedatectl`",
    );
  });

  test("keep their labels when the verdict changes: else none would be resolved", () => {
    const well = bad(1).items.map((one) => ({ ...one, judgement: "ok" as const, findings: [] }));
    const labels = (alerts: readonly Alert[]) => alerts.map((alert) => alert.labels);
    expect(labels(alertsOf({ ...bad(1), items: well }, hour))).toEqual(labels(alertsOf(bad(0), hour)));
  });

  describe("are posted", () => {
    let server: Server | undefined;
    afterEach(() => void server?.close());
    const listen = async (status: number, onBody: (body: string) => void): Promise<string> => {
      const listening = Promise.withResolvers<string>();
      const made = createServer((request, response) => {
        let body = "";
        request.on("data", (part) => (body += part));
        request.on("end", () => {
          onBody(body);
          response.writeHead(status).end("words of its own");
        });
      });
      server = made;
      made.listen(0, "127.0.0.1", () =>
        listening.resolve(`http://127.0.0.1:${(made.address() as AddressInfo).port}/api/v2/alerts?token=secret`),
      );
      return listening.promise;
    };

    test("as JSON", async () => {
      let seen = "";
      await sendAlerts(await listen(200, (body) => (seen = body)), alertsOf(bad(0), hour));
      expect(JSON.parse(seen)).toEqual(alertsOf(bad(0), hour));
    });

    test("and a refusal is told in its words, the address is not", async () => {
      const url = await listen(400, () => undefined);
      const refusal = await sendAlerts(url, []).catch((error: Error) => error.message);
      expect(refusal).toContain("The webhook answers 400.\n  seen: words of its own");
      expect(refusal).not.toContain("secret");
    });

    test("and that nobody listens too", async () => {
      const url = await listen(200, () => undefined);
      await new Promise((resolve) => server?.close(resolve));
      await expect(sendAlerts(url, [])).rejects.toThrow("The webhook can't be reached.");
    });
  });
});
