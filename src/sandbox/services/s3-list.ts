// Implements S3's listing of objects: prefix, delimiter, pages. Source: ListObjectsV2 and ListObjects of the S3 API reference.
import { createHash } from "node:crypto";
import type { Outgoing } from "../http-message.ts";
import { encode } from "./signature.ts";
import { s3Error, s3Reply, type Node } from "./xml.ts";

const PAGE = 1000;

export function listObjects(
  bucket: string,
  objects: Readonly<Record<string, string>>,
  query: URLSearchParams,
  modified: Date,
): Outgoing {
  const isVersion2 = query.get("list-type") === "2";
  const prefix = query.get("prefix") ?? "";
  const delimiter = query.get("delimiter") ?? "";
  const most = Math.min(Number(query.get("max-keys") ?? PAGE), PAGE);
  if (!Number.isInteger(most) || most < 0) return s3Error(400, "InvalidArgument", "Provided max-keys not an integer");
  const token = query.get("continuation-token");
  const after = isVersion2
    ? token === null
      ? (query.get("start-after") ?? "")
      : Buffer.from(token, "base64url").toString()
    : (query.get("marker") ?? "");
  const show = query.get("encoding-type") === "url" ? (text: string) => encode(text).replaceAll("%2F", "/") : String;

  const entries = entriesOf(Object.keys(objects).sort(), prefix, delimiter).filter(({ name }) => name > after);
  const page = entries.slice(0, most);
  const last = page.at(-1)?.name;
  const isTruncated = entries.length > page.length && last !== undefined;
  const common: Record<string, Node | undefined> = {
    Name: bucket,
    Prefix: show(prefix),
    Delimiter: delimiter === "" ? undefined : show(delimiter),
    MaxKeys: most,
    EncodingType: query.get("encoding-type") ?? undefined,
    IsTruncated: isTruncated,
    Contents: page
      .filter(({ isPrefix }) => !isPrefix)
      .map(({ name }) => ({
        Key: show(name),
        LastModified: modified.toISOString(),
        ETag: `"${createHash("md5")
          .update(objects[name] ?? "")
          .digest("hex")}"`,
        Size: Buffer.byteLength(objects[name] ?? ""),
        StorageClass: "STANDARD",
      })),
    CommonPrefixes: page.filter(({ isPrefix }) => isPrefix).map(({ name }) => ({ Prefix: show(name) })),
  };
  const next = isTruncated ? last : undefined;
  return s3Reply(
    "ListBucketResult",
    isVersion2
      ? {
          ...common,
          KeyCount: page.length,
          ContinuationToken: token ?? undefined,
          NextContinuationToken: next === undefined ? undefined : Buffer.from(next).toString("base64url"),
        }
      : { ...common, Marker: show(after), NextMarker: next === undefined ? undefined : show(next) },
  );
}

interface Entry {
  readonly name: string;
  readonly isPrefix: boolean;
}

/** The keys below the prefix. Keys with the delimiter are combined into one entry per common prefix. */
function entriesOf(keys: readonly string[], prefix: string, delimiter: string): Entry[] {
  const entries = new Map<string, Entry>();
  for (const key of keys) {
    if (!key.startsWith(prefix)) continue;
    const end = delimiter === "" ? -1 : key.indexOf(delimiter, prefix.length);
    const name = end < 0 ? key : key.slice(0, end + delimiter.length);
    entries.set(name, { name, isPrefix: end >= 0 });
  }
  return [...entries.values()];
}
