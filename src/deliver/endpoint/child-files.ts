// Writes the files that replace the user's AWS files for a consumer of an endpoint, and the authorization token for the endpoint.
import { createHash, randomBytes } from "node:crypto";
import { lstatSync, statSync, type Stats } from "node:fs";
import { tmpdir } from "node:os";
import { isAbsolute, join, resolve } from "node:path";
import { variable, type Context } from "../../context/types.ts";
import { XroleError } from "../../errors/error.ts";
import { readText } from "../../util/files.ts";
import { makeFolder } from "../../util/make-folder.ts";
import { unsafeFolder, unsafeParent } from "../../util/safe-folder.ts";
import { replaceFile } from "../../util/replace-file.ts";
import { makeTemporary, type TemporaryFolder } from "../../util/temporary-folder.ts";

export interface ChildFiles {
  readonly config: string;
  /** An empty file. */
  readonly credentials: string;
  /** The file that contains the token. */
  readonly tokenFile: string;
  readonly token: string;
  /** The path on the endpoint: as random as the token, and as long-lived. */
  readonly path: string;
  /** Removes what was created for this process only. */
  readonly remove: () => void;
}

/**
 * Writes the files, readable by their owner only: into a new folder, in memory if the system has one; or into `keptIn`, where they
 * stay and an existing token is used again.
 * @param config the text of the config file
 * @throws XroleError `folder-unusable`
 */
export async function writeChildFiles(context: Context, config: string, keptIn?: string): Promise<ChildFiles> {
  const { path: folder, remove } =
    keptIn === undefined ? await newFolder(context) : { path: keptFolder(context, keptIn), remove: () => undefined };
  const files = {
    config: join(folder, "config"),
    credentials: join(folder, "credentials"),
    tokenFile: join(folder, "token"),
  };
  const token = readToken(context, files.tokenFile) ?? newToken();
  for (const [file, text] of [
    [files.config, config],
    [files.credentials, ""],
    [files.tokenFile, token],
  ] as const)
    write(file, text);
  const path = `/${createHash("sha256").update(`xrole path\n${token}`).digest("hex").slice(0, 32)}`;
  return { ...files, token, path, remove };
}

/** @throws XroleError `folder-unusable`, for example if the path is a directory */
function write(file: string, text: string): void {
  try {
    replaceFile(file, text);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const problem = code === "EISDIR" ? "it is a directory" : (code ?? String(error));
    throw new XroleError("folder-unusable", { folder: file, problem }, { cause: error });
  }
}

const newToken = (): string => randomBytes(32).toString("base64url");

async function newFolder(context: Context): Promise<TemporaryFolder> {
  const { env, uid } = context;
  const runtime = variable(env, "XDG_RUNTIME_DIR") ?? "";
  try {
    // After su or sudo -E, it belongs to another user, who could replace the files.
    if (isAbsolute(runtime) && isForUser(statSync(runtime), uid) && unsafeFolder(runtime, uid) === undefined)
      return await makeTemporary(runtime, "xrole-", context);
  } catch {
    // It may not exist.
  }
  const folder = resolve(tmpdir());
  try {
    const unsafe = unsafeParent(folder, uid);
    if (unsafe !== undefined) throw new XroleError("folder-unusable", { folder, problem: unsafe });
    return await makeTemporary(folder, "xrole-", context);
  } catch (error) {
    if (error instanceof XroleError) throw error;
    const problem = (error as NodeJS.ErrnoException).code ?? String(error);
    throw new XroleError("folder-unusable", { folder, problem }, { cause: error });
  }
}

const isForUser = (stat: Stats, uid: number | undefined): boolean =>
  uid === undefined || (stat.uid === uid && (stat.mode & 0o077) === 0);

function keptFolder({ cwd, uid }: Context, named: string): string {
  const folder = resolve(cwd, named);
  try {
    makeFolder(folder);
    const stat = lstatSync(folder);
    if (!stat.isDirectory()) throw new XroleError("folder-unusable", { folder, problem: "it is not a folder" });
    if (!isForUser(stat, uid))
      throw new XroleError("folder-unusable", { folder, problem: "it is another user's, or not for you alone" });
    const unsafe = unsafeFolder(folder, uid);
    if (unsafe !== undefined) throw new XroleError("folder-unusable", { folder, problem: unsafe });
    return folder;
  } catch (error) {
    if (error instanceof XroleError) throw error;
    const problem = (error as NodeJS.ErrnoException).code ?? String(error);
    throw new XroleError("folder-unusable", { folder, problem }, { cause: error });
  }
}

/** The existing token, if xrole wrote it. */
function readToken({ uid }: Context, file: string): string | undefined {
  const check = (stat: Stats): string | undefined => (isForUser(stat, uid) ? undefined : "others may read it");
  const none = (problem: string): never => {
    throw new Error(problem);
  };
  try {
    const text = readText(file, none, { refusesLinks: true, check }) ?? "";
    return /^[\w-]{43}$/.test(text) ? text : undefined;
  } catch {
    // A new token is written instead.
    return undefined;
  }
}
