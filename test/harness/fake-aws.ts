// A scripted server on loopback, for faults that the sandbox does not play. It records what it was asked.
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { onTestFinished } from "vitest";
import { secret } from "./secrets.ts";

export interface Asked {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingMessage["headers"];
  readonly body: string;
}

export interface FakeAws {
  readonly url: string;
  readonly asked: readonly Asked[];
}

export type Answer = (response: ServerResponse, asked: Asked, count: number) => void;

/** Starts a server that answers with `answer`, and closes it with the test. */
export async function fakeAws(answer: Answer): Promise<FakeAws> {
  const asked: Asked[] = [];
  const server = createServer((request, response) => {
    let body = "";
    request.on("data", (chunk: Buffer) => (body += chunk.toString()));
    request.on("end", () => {
      const one = { method: request.method ?? "", url: request.url ?? "", headers: request.headers, body };
      asked.push(one);
      answer(response, one, asked.length);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked };
}

export interface StsFields {
  readonly token?: string;
  readonly expiration?: string;
}

/** An AssumeRole reply for the role that `body` asks for: key `ASIA<role name>`, its account, and secrets that are noticed. */
export function assumeRoleReply(body: string, fields: StsFields = {}): string {
  const asked = new URLSearchParams(body);
  const [, , , , account, role = ""] = (asked.get("RoleArn") ?? "").split(":");
  const name = role.split("/").at(-1) ?? "";
  const session = asked.get("RoleSessionName") ?? "";
  return `<AssumeRoleResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><AssumeRoleResult>
<AssumedRoleUser><AssumedRoleId>AROAEXAMPLE:${session}</AssumedRoleId><Arn>arn:aws:sts::${account}:assumed-role/${name}/${session}</Arn></AssumedRoleUser>
<Credentials><AccessKeyId>ASIA${name.replace(/\W/g, "")}</AccessKeyId><SecretAccessKey>${secret(`secret-of-${name}`)}</SecretAccessKey>
<SessionToken>${fields.token ?? secret(`token-of-${name}`)}</SessionToken><Expiration>${fields.expiration ?? "2099-01-01T00:00:00Z"}</Expiration></Credentials>
</AssumeRoleResult><ResponseMetadata><RequestId>test</RequestId></ResponseMetadata></AssumeRoleResponse>`;
}

/** Answers AssumeRole for whoever asks. */
export const sts: Answer = (response, { body }) => void response.end(assumeRoleReply(body));

/** An error of AWS's query protocol. */
export function awsError(response: ServerResponse, status: number, code: string, message: string): void {
  response.writeHead(status, { "content-type": "text/xml" });
  response.end(
    `<ErrorResponse><Error><Type>Sender</Type><Code>${code}</Code><Message>${message}</Message></Error></ErrorResponse>`,
  );
}

/** Answers as an instance with the role `myrole`, IMDSv2 only. */
export const imds: Answer = (response, { method, url, headers }) => {
  const token = secret("imds-session-token");
  if (method === "PUT" && url.endsWith("/latest/api/token")) return void response.end(token);
  if (headers["x-aws-ec2-metadata-token"] !== token) return void response.writeHead(401).end();
  if (url.endsWith("/iam/security-credentials/")) return void response.end("myrole\n");
  if (url.endsWith("/iam/security-credentials/myrole")) return void response.end(containerReply("INSTANCE"));
  if (url.endsWith("/placement/region")) return void response.end("eu-central-1");
  return void response.writeHead(404).end();
};

/** The JSON in which the instance and the container hand out credentials. */
export function containerReply(name: string): string {
  return JSON.stringify({
    Code: "Success",
    AccessKeyId: `ASIA${name}`,
    SecretAccessKey: secret(`secret-of-${name}`),
    Token: secret(`token-of-${name}`),
    Expiration: "2099-01-01T00:00:00Z",
  });
}
