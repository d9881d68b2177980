// Implements the credential endpoint of an ECS task or an EKS pod. Source: "Container credential provider" of the AWS SDKs and
// Tools Reference.
import type { Identities } from "../world/identity.ts";
import type { Incoming, Outgoing } from "../http-message.ts";
import { isSame } from "./signature.ts";
import { findRole, type World } from "../world/world.ts";

export const CONTAINER_PATH = "/v2/credentials/sandbox";
const LIFE = 6 * 3600;

export function playContainer(world: World, identities: Identities): (request: Incoming) => Outgoing {
  const { container } = world;
  const role = container && findRole(world, container.role);
  return ({ method, path, headers }) => {
    if (!container || !role || path !== CONTAINER_PATH)
      return refusal(404, "NotFound", "there are no credentials here");
    if (method !== "GET") return refusal(405, "MethodNotAllowed", "only GET is allowed");
    if (container.token !== undefined && !isSame(headers.authorization ?? "", container.token))
      return refusal(401, "AccessDeniedException", "the authorization token is missing or wrong");
    const session = identities.issue(role, "sandbox-task", LIFE);
    return json(200, {
      RoleArn: role.arn,
      AccessKeyId: session.accessKeyId,
      SecretAccessKey: session.secretAccessKey,
      Token: session.sessionToken,
      Expiration: new Date(session.expires).toISOString().replace(".000Z", "Z"),
      AccountId: role.accountId,
    });
  };
}

const refusal = (status: number, code: string, message: string): Outgoing => json(status, { code, message });
const json = (status: number, body: object): Outgoing => ({
  status,
  headers: { "content-type": "application/json" },
  body: JSON.stringify(body),
});
