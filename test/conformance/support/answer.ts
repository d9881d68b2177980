// Answers every HTTP request in process, and records it: vectors name link-local addresses, which nothing may reach.
import { ClientRequestInterceptor } from "@mswjs/interceptors/ClientRequest";
import { onTestFinished } from "vitest";

type ClientRequestEvent = Parameters<Parameters<typeof ClientRequestInterceptor.prototype.on<"request">>[1]>[0];

export interface Recorded {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** The status answered, or the error played. */
  readonly outcome: number | string;
}

export interface Reply {
  readonly status?: number;
  readonly headers?: Record<string, string>;
  readonly body?: string;
  readonly error?: "timeout" | "refused";
}

/** Answers with `reply` until the test is over. What comes back fills up as requests are made. */
export function answerInProcess(reply: (asked: Omit<Recorded, "outcome">) => Reply): readonly Recorded[] {
  const recorded: Recorded[] = [];
  const interceptor = new ClientRequestInterceptor();
  // The interceptor waits for what a listener returns, which its types do not say.
  const listener = async ({ request, controller }: ClientRequestEvent): Promise<void> => {
    const asked = {
      method: request.method,
      url: request.url,
      headers: Object.fromEntries(request.headers),
      body: await request.clone().text(),
    };
    const { status = 200, headers = {}, body = "", error } = reply(asked);
    recorded.push({ ...asked, outcome: error ?? status });
    if (error === undefined) controller.respondWith(new Response(body === "" ? null : body, { status, headers }));
    else
      controller.errorWith(
        Object.assign(new Error(error), { code: error === "timeout" ? "ETIMEDOUT" : "ECONNREFUSED" }),
      );
  };
  interceptor.on("request", (event) => listener(event) as unknown as undefined);
  interceptor.apply();
  onTestFinished(() => interceptor.dispose());
  return recorded;
}

/** Consecutive repeats of one method, URL and body as one, with the last outcome: those are retries. */
export function withoutRetries(recorded: readonly Recorded[]): Recorded[] {
  return recorded.filter((one, at) => {
    const next = recorded[at + 1];
    return next?.method !== one.method || next.url !== one.url || next.body !== one.body;
  });
}

/** Who signed a request and for which region, from its SigV4 Authorization header. */
export function signature({ headers }: Recorded): { signedBy?: string; signingRegion?: string } {
  const [, signedBy, signingRegion] = /Credential=([^/]+)\/\d+\/([^/]+)\//.exec(headers.authorization ?? "") ?? [];
  return { ...(signedBy && { signedBy }), ...(signingRegion && { signingRegion }) };
}
