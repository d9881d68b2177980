// What tells one source from another without asking it: part of the key under which its roles are kept (docs/contract.md, "Cache").
import { isAbsolute, resolve } from "node:path";
import { tokenClaims } from "../chain/received.ts";
import type { Source } from "../chain/types.ts";
import { variable, type Context } from "../context.ts";
import { sha256 } from "../digest.ts";
import { readText } from "../files.ts";
import { consoleLoginFile, peekAtLogin, ssoLoginFile } from "../sources/login-file.ts";

/** A value that is equal for equal identities, and holds no secret but as a digest; undefined when it cannot be known: nothing is kept then. */
export function sourceIdentity(context: Context, source: Source): unknown {
  const { env, cwd } = context;
  switch (source.kind) {
    case "static":
      return [source.kind, source.accessKeyId];
    case "environment": {
      const keyId = variable(env, "AWS_ACCESS_KEY_ID");
      // Half a key is an error, whatever is kept of the whole one.
      const isWhole = keyId !== undefined && variable(env, "AWS_SECRET_ACCESS_KEY") !== undefined;
      return isWhole ? [source.kind, keyId] : undefined;
    }
    case "instance": {
      const machine = machineId();
      // An instance that must not be asked is an error, whatever is kept of it.
      return machine === undefined || source.disabled ? undefined : [source.kind, source.endpoint, machine];
    }
    case "container": {
      // Every pod has the same address: the token says whose it is.
      const file = variable(env, "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE");
      const token = file === undefined ? variable(env, "AWS_CONTAINER_AUTHORIZATION_TOKEN") : read(resolve(cwd, file));
      if (source.endpoint === undefined || (file !== undefined && token === undefined)) return undefined;
      return [source.kind, source.endpoint, token === undefined ? "" : tokenIdentity(token), machineId() ?? ""];
    }
    case "web-identity": {
      const { roleArn, sessionName, sessionNameGenerated, durationSeconds, policy, policyArns } = source;
      const token = read(resolve(cwd, source.tokenFile));
      if (token === undefined) return undefined;
      const name = sessionNameGenerated ? { user: context.caller().user } : sessionName;
      return [source.kind, tokenIdentity(token), roleArn, name, durationSeconds, policy, policyArns];
    }
    case "sso": {
      const { startUrl, region, accountId, roleName, endpoint } = source;
      const { accessToken } = peekAtLogin(ssoLoginFile(context, source));
      if (typeof accessToken !== "string") return undefined;
      return [source.kind, startUrl, region, accountId, roleName, endpoint, sha256(accessToken)];
    }
    case "login": {
      // The key that proves possession of the login stays as long as the login does.
      const { dpopKey } = peekAtLogin(consoleLoginFile(context, source.session));
      return typeof dpopKey === "string" ? [source.kind, source.session, sha256(dpopKey)] : undefined;
    }
    case "process":
      // A command that is named by a relative path is another one in another folder.
      return [source.kind, source.command, /^[^\s/]*\//.test(source.command) && !isAbsolute(source.command) ? cwd : ""];
    default:
      return source satisfies never;
  }
}

/** Whose token it is: a JWT's issuer, subject and audience, which stay when the token is renewed; else the token. */
function tokenIdentity(token: string): unknown {
  const { iss, sub, aud } = tokenClaims(token);
  return typeof iss === "string" && typeof sub === "string" ? [iss, sub, aud] : sha256(token.trim());
}

/** The machine and its boot: an image that was made of a machine with a cache must not pass for it. */
function machineId(): string | undefined {
  const parts = ["/etc/machine-id", "/proc/sys/kernel/random/boot_id"].map(read);
  return parts[1] === undefined ? undefined : parts.join("");
}

function read(file: string): string | undefined {
  try {
    return readText(file, (problem) => {
      throw new Error(problem);
    });
  } catch {
    // Where it is read for its own sake, the user is told.
    return undefined;
  }
}
