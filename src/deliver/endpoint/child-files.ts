// The files that stand in for the user's AWS files where an endpoint gives the credentials, and the token that it asks for.
import { createHash, randomBytes } from "node:crypto";
import { lstatSync, statSync, type Stats } from "node:fs";
import { tmpdir } from "node:os";
import { isAbsolute, join, resolve } from "node:path";
import { variable, type Context } from "../../context/types.ts";
import { XroleError } from "../../errors/errors.ts";
import { readText } from "../../util/files.ts";
import { makeFolder } from "../../util/make-folder.ts";
import { unsafeFolder, unsafeParent } from "../../util/safe-folder.ts";
import { replaceFile } from "../../util/replace-file.ts";
import { makeTemporary, type TemporaryFolder } from "../../util/temporary.ts";

export interface ChildFiles {
  readonly config: string;
  /** Empty. */
  readonly credentials: string;
  /** Holds the token. */
  readonly tokenFile: string;
  readonly token: string;
  /** Where on the endpoint: random as the token is, and as lasting. */
  readonly path: string;
  /** Removes what was made for this process only. */
  readonly remove: () => void;
}

/**
 * Writes the files, for their owner alone: into a new folder, in memory where the system has a place for that; or into `keptIn`,
 * where they stay, and the token of an earlier time is used again.
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

/** @throws XroleError `folder-unusable` where a directory, say, is in the file's place */
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
    // After su or sudo -E it is another user's, who could put files of theirs in the place of these.
    if (isAbsolute(runtime) && isForUser(statSync(runtime), uid) && unsafeFolder(runtime, uid) === undefined)
      return await makeTemporary(runtime, "xrole-", context);
  } catch {
    // It need not be there.
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

/** The token that is there, if it is one that this file wrote. */
function readToken({ uid }: Context, file: string): string | undefined {
  const check = (stat: Stats): string | undefined => (isForUser(stat, uid) ? undefined : "others may read it");
  const none = (problem: string): never => {
    throw new Error(problem);
  };
  try {
    const text = readText(file, none, { refusesLinks: true, check }) ?? "";
    return /^[\w-]{43}$/.test(text) ? text : undefined;
  } catch {
    // A new one takes its place.
    return undefined;
  }
}
