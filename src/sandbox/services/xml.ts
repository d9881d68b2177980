// Writes the XML replies of AWS's query protocol and of S3.
import { randomUUID } from "node:crypto";
import type { IssuedSession } from "../world/identity.ts";
import type { Outgoing } from "../http-message.ts";

export type Node = string | number | boolean | readonly Node[] | { readonly [name: string]: Node | undefined };

const ESCAPES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "\r": "&#xD;",
};

/** Characters that XML 1.0 does not allow, not even escaped. */
// eslint-disable-next-line no-control-regex -- control characters are what this is about
const NO_XML = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g;

/** `value` as elements: an array repeats its element, and undefined leaves it out. */
export function toXml(name: string, value: Node | undefined, attributes = ""): string {
  if (value === undefined) return "";
  if (isList(value)) return value.map((one) => toXml(name, one)).join("");
  const inner =
    typeof value === "object"
      ? Object.entries(value)
          .map(([key, child]) => toXml(key, child))
          .join("")
      : String(value)
          .replace(/[&<>"\r]/g, (char) => ESCAPES[char] ?? char)
          .replace(NO_XML, "\uFFFD");
  return `<${name}${attributes}>${inner}</${name}>`;
}

const isList = (value: Node): value is readonly Node[] => Array.isArray(value);

/** A reply of the query protocol (STS). */
export function queryReply(action: string, result: Node): Outgoing {
  const requestId = randomUUID();
  const content = { [`${action}Result`]: result, ResponseMetadata: { RequestId: requestId } };
  return xmlReply(200, toXml(`${action}Response`, content, STS), requestId);
}

/** An error of the query protocol (STS). */
export function queryError(status: number, code: string, message: string): Outgoing {
  const requestId = randomUUID();
  const error = {
    Error: { Type: status < 500 ? "Sender" : "Receiver", Code: code, Message: message },
    RequestId: requestId,
  };
  return xmlReply(status, toXml("ErrorResponse", error, STS), requestId);
}

/** The credentials of a session, as STS writes them. */
export function credentialsNode(session: IssuedSession): Node {
  return {
    AccessKeyId: session.accessKeyId,
    SecretAccessKey: session.secretAccessKey,
    SessionToken: session.sessionToken,
    Expiration: new Date(session.expires).toISOString().replace(".000Z", "Z"),
  };
}

/** A reply of S3. */
export function s3Reply(name: string, content: Node): Outgoing {
  return xmlReply(
    200,
    DECLARATION + toXml(name, content, ' xmlns="http://s3.amazonaws.com/doc/2006-03-01/"'),
    randomUUID(),
  );
}

/** An error of S3, with the additional fields of its code. */
export function s3Error(
  status: number,
  code: string,
  message: string,
  more: Readonly<Record<string, string>> = {},
): Outgoing {
  const requestId = randomUUID();
  return xmlReply(
    status,
    DECLARATION + toXml("Error", { Code: code, Message: message, ...more, RequestId: requestId }),
    requestId,
  );
}

const STS = ' xmlns="https://sts.amazonaws.com/doc/2011-06-15/"';
const DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>\n';

function xmlReply(status: number, body: string, requestId: string): Outgoing {
  return {
    status,
    headers: { "content-type": "text/xml", "x-amzn-requestid": requestId, "x-amz-request-id": requestId },
    body,
  };
}
