// Implements the instance metadata service, version 2 only. Source: "Use the Instance Metadata Service" of the EC2 User Guide.
import { randomBytes } from "node:crypto";
import type { Identities, IssuedSession } from "../world/identity.ts";
import type { Incoming, Outgoing } from "../http-message.ts";
import { findRole, type World } from "../world/world.ts";

const ROLES = "/latest/meta-data/iam/security-credentials/";
/** The instance's credentials are valid for six hours, and are replaced well before they expire. */
const LIFE = 6 * 3600;
const REPLACED_BEFORE = 900_000;

export function playInstance(world: World, identities: Identities, now: () => number): (request: Incoming) => Outgoing {
  const { instance } = world;
  const role = instance?.role === undefined ? undefined : findRole(world, instance.role);
  /** When each token expires. */
  const tokens = new Map<string, number>();
  let session: IssuedSession | undefined;

  return ({ method, path, headers }) => {
    if (!instance) return { status: 403 };
    // Rejects a request that came through a proxy: it is not the instance's own.
    if (headers["x-forwarded-for"] !== undefined) return { status: 403 };
    if (path === "/latest/api/token") return method === "PUT" ? issueToken(headers) : { status: 405 };
    if (method !== "GET") return { status: 405 };
    const ends = tokens.get(headers["x-aws-ec2-metadata-token"] ?? "");
    if (ends === undefined || ends <= now()) return { status: 401 };
    return metadata(path);
  };

  function issueToken(headers: Incoming["headers"]): Outgoing {
    const ttl = headers["x-aws-ec2-metadata-token-ttl-seconds"] ?? "";
    if (!/^\d+$/.test(ttl) || Number(ttl) < 1 || Number(ttl) > 21600) return { status: 400 };
    const token = randomBytes(40).toString("base64");
    tokens.set(token, now() + Number(ttl) * 1000);
    return text(token, { "x-aws-ec2-metadata-token-ttl-seconds": ttl });
  }

  function metadata(path: string): Outgoing {
    switch (path) {
      case ROLES:
      case ROLES.slice(0, -1):
        return role ? text(role.name) : { status: 404 };
      case ROLES + (role?.name ?? "/"):
        return credentials();
      case "/latest/meta-data/placement/region":
        return text(instance?.region ?? "");
      case "/latest/meta-data/placement/availability-zone":
        return text(`${instance?.region ?? ""}a`);
      case "/latest/meta-data/instance-id":
        return text(instance?.id ?? "");
      default:
        return { status: 404 };
    }
  }

  function credentials(): Outgoing {
    if (!role) return { status: 404 };
    if (!session || session.expires - now() < REPLACED_BEFORE)
      session = identities.issue(role, instance?.id ?? "", LIFE);
    return text(
      JSON.stringify({
        Code: "Success",
        LastUpdated: toIso(session.expires - LIFE * 1000),
        Type: "AWS-HMAC",
        AccessKeyId: session.accessKeyId,
        SecretAccessKey: session.secretAccessKey,
        Token: session.sessionToken,
        Expiration: toIso(session.expires),
      }),
    );
  }
}

const toIso = (time: number): string => new Date(time).toISOString().replace(".000Z", "Z");
const text = (body: string, headers: Record<string, string> = {}): Outgoing => ({
  status: 200,
  headers: { "content-type": "text/plain", server: "EC2ws", ...headers },
  body,
});
