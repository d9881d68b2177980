// What may lie in a file's place and is none: reading it would wait for ever, or never end.
import { execFileSync, spawnSync } from "node:child_process";
import { mkdirSync, symlinkSync, truncateSync, writeFileSync } from "node:fs";

/** Each puts one such thing at `path`, where there is nothing yet. */
export const ODD_FILES: Readonly<Record<string, (path: string) => void>> = {
  "a FIFO": (path) => void execFileSync("mkfifo", [path]),
  "a FIFO behind a symbolic link": (path) => {
    execFileSync("mkfifo", [`${path}.fifo`]);
    symlinkSync(`${path}.fifo`, path);
  },
  "/dev/zero": (path) => symlinkSync("/dev/zero", path),
  "a directory": (path) => {
    mkdirSync(path);
  },
  "a file of 1 GiB": (path) => {
    writeFileSync(path, "");
    truncateSync(path, 1024 ** 3);
  },
  "a socket": (path) => {
    // Whoever made it is gone; the socket stays.
    const code = `import socket,os,sys; os.chdir(os.path.dirname(sys.argv[1])); socket.socket(socket.AF_UNIX).bind(os.path.basename(sys.argv[1]))`;
    const { status, stderr } = spawnSync("python3", ["-c", code, path], { encoding: "utf8" });
    if (status !== 0) throw new Error(stderr);
  },
  "a symbolic link to itself": (path) => symlinkSync(path, path),
};
