// Makes the clients of test/clients/programs, each from its own registry and with pinned versions, in .peers: the AWS SDKs for
// JavaScript 2 (npm), Go 2 (needs Go) and Java 1 and 2 (need Maven). What is there already is not made again.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";

const PROGRAMS = resolve("test/clients/programs");
const PEERS = resolve(".peers");
/** That of test/clients/programs/go/go.mod. */
const GO = [1, 24];

const JAVA_LIBRARIES = "org.apache.maven.plugins:maven-dependency-plugin:3.11.0:copy-dependencies";

/** Each makes a client of its program's folder in another folder, and gives the words that failed. */
const KINDS = {
  "javascript-2": {
    problem: () => undefined,
    make(from, to) {
      for (const name of ["package.json", "package-lock.json"]) copyFileSync(join(from, name), join(to, name));
      return run(to, "npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund");
    },
  },
  go: {
    problem() {
      const found = /go(\d+)\.(\d+)/.exec(spawnSync("go", ["env", "GOVERSION"]).stdout?.toString() ?? "");
      if (!found) return "there is no Go here";
      const [major, minor] = found.slice(1).map(Number);
      return major > GO[0] || minor >= GO[1] ? undefined : `Go ${GO.join(".")} is needed, and this is ${found[0]}`;
    },
    make: (from, to) => run(from, "go", "build", "-o", join(to, "peer"), "."),
  },
  java: {
    problem: () =>
      ["mvn", "javac", "java"]
        .filter((name) => spawnSync(name, ["-version"]).status !== 0)
        .map((name) => `there is no ${name} here`)
        .at(0),
    make: (from, to) =>
      run(from, "mvn", "-q", "-B", JAVA_LIBRARIES, `-DoutputDirectory=${to}/lib`, "-DincludeScope=runtime") ??
      run(from, "javac", "-cp", `${to}/lib/*`, "-d", to, "V1.java", "V2.java"),
  },
};

/** @returns the folder that has a folder for each client; what cannot be made here is said on stderr, and left out */
export function makePeers() {
  for (const [name, { problem, make }] of Object.entries(KINDS)) {
    const [from, to] = [join(PROGRAMS, name), join(PEERS, name)];
    const stamp = join(to, "stamp");
    const wanted = digest(from);
    if (existsSync(stamp) && readFileSync(stamp, "utf8") === wanted) continue;
    rmSync(to, { recursive: true, force: true });
    const reason = problem();
    if (reason !== undefined) {
      process.stderr.write(`test:clients: ${reason}: the tests of test/clients/programs/${name} are skipped\n`);
      continue;
    }
    mkdirSync(to, { recursive: true });
    process.stderr.write(`test:clients: making ${to} ...\n`);
    const failed = make(from, to);
    if (failed !== undefined) throw new Error(`${failed} failed in ${from}`);
    writeFileSync(stamp, wanted);
  }
  return PEERS;
}

function run(cwd, file, ...words) {
  const { status } = spawnSync(file, words, { cwd, stdio: ["ignore", 2, 2] });
  return status === 0 ? undefined : [file, ...words].join(" ");
}

function digest(folder) {
  const hash = createHash("sha256");
  for (const name of readdirSync(folder).sort()) hash.update(`${name}\n`).update(readFileSync(join(folder, name)));
  return hash.digest("hex");
}
