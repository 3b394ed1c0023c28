import { Failure, messageOf } from "@molly/site";

/** Where a repository is on GitHub, and who asks. */
export interface Access {
  /** `https://api.github.com`, or a GitHub Enterprise Server's `…/api/v3`. */
  readonly url: string;
  /** `owner/name` */
  readonly repository: string;
  readonly token: string;
}

/**
 * What GitHub Actions sets, and what a person sets by hand with a token of their own.
 * @throws Failure that names all that is missing
 */
export function accessFrom(env: NodeJS.ProcessEnv): Access {
  const { GITHUB_API_URL: url = "https://api.github.com", GITHUB_REPOSITORY: repository, GITHUB_TOKEN: token } = env;
  const problems = [
    ...(repository && /^[\w.-]+\/[\w.-]+$/.test(repository) ? [] : ["GITHUB_REPOSITORY: which one, as owner/name"]),
    ...(token ? [] : ["GITHUB_TOKEN: with what right it is asked"]),
    ...(URL.canParse(url) ? [] : ["GITHUB_API_URL: is no URL"]),
  ];
  if (problems.length > 0 || !repository || !token)
    throw new Failure({
      what: "GitHub can't be asked.",
      seen: problems.join("\n"),
      remedy: "Set these in the environment; in a workflow, GITHUB_TOKEN from `github.token`.",
      badInput: true,
    });
  return { url: url.replace(/\/$/, ""), repository, token };
}

const timeoutMs = 30_000;
/** As many as GitHub gives at once. */
const pageSize = 100;
/** What has more pages is not what is looked for. */
const mostPages = 20;

const remedies: Readonly<Record<number, string>> = {
  401: "The token is not valid, or no longer.",
  403: "The token may not do this: see the job's `permissions`, or wait where GitHub says that too much was asked.",
  404: "It is not there, or the token may not see it.",
  422: "GitHub does not take what was sent: this is likely a bug of Molly's.",
};

/** The few calls of GitHub's REST API that Molly makes on one repository. */
export class GitHub {
  readonly #access: Access;

  constructor(access: Access) {
    this.#access = access;
  }

  /** @param path below the repository: `issues/1` */
  get(path: string): Promise<unknown> {
    return this.#ask("GET", path);
  }

  /** Every item of a list, page by page. @param key under which the list stands, where it does not stand alone */
  async list(path: string, key?: string): Promise<unknown[]> {
    const items: unknown[] = [];
    for (let page = 1; page <= mostPages; page++) {
      const answer = await this.get(`${path}${path.includes("?") ? "&" : "?"}per_page=${pageSize}&page=${page}`);
      const list = key === undefined ? answer : (answer as Record<string, unknown>)[key];
      if (!Array.isArray(list)) throw this.#unfit("GET", path, "It is no list.");
      items.push(...(list as unknown[]));
      if (list.length < pageSize) break;
    }
    return items;
  }

  post(path: string, body: unknown): Promise<unknown> {
    return this.#ask("POST", path, body);
  }

  patch(path: string, body: unknown): Promise<unknown> {
    return this.#ask("PATCH", path, body);
  }

  /** The account that asks: a workflow's token may not ask that, and is this one. */
  async whoAmI(): Promise<string> {
    const { url, token } = this.#access;
    const response = await this.#fetch("GET", `${url}/user`, token);
    if (response.status === 403 || response.status === 404) return "github-actions[bot]";
    return String(((await this.#answer("GET", "user", response)) as { login?: unknown }).login);
  }

  async #ask(method: string, path: string, body?: unknown): Promise<unknown> {
    const { url, repository, token } = this.#access;
    return this.#answer(method, path, await this.#fetch(method, `${url}/repos/${repository}/${path}`, token, body));
  }

  async #fetch(method: string, url: string, token: string, body?: unknown): Promise<Response> {
    try {
      return await fetch(url, {
        method,
        headers: {
          "accept": "application/vnd.github+json",
          "authorization": `Bearer ${token}`,
          "user-agent": "molly",
          "x-github-api-version": "2022-11-28",
          ...(body === undefined ? {} : { "content-type": "application/json" }),
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        signal: AbortSignal.timeout(timeoutMs),
      });
    } catch (cause) {
      throw new Failure({
        what: `GitHub does not answer at ${new URL(url).host}.`,
        seen: cause instanceof Error && cause.cause instanceof Error ? cause.cause.message : messageOf(cause),
        remedy: "Is it reached from here, and is GITHUB_API_URL right?",
        cause,
      });
    }
  }

  async #answer(method: string, path: string, response: Response): Promise<unknown> {
    const text = await response.text();
    if (!response.ok)
      throw new Failure({
        what: `GitHub answers ${response.status} to ${method} ${path}.`,
        seen: text.slice(0, 500),
        remedy: remedies[response.status] ?? "See https://www.githubstatus.com, and try again.",
      });
    try {
      return JSON.parse(text);
    } catch {
      throw this.#unfit(method, path, text.slice(0, 200));
    }
  }

  #unfit(method: string, path: string, seen: string): Failure {
    const remedy = "Is GITHUB_API_URL the address of GitHub's API?";
    return new Failure({ what: `${method} ${path} was answered by something that is not GitHub.`, seen, remedy });
  }
}
