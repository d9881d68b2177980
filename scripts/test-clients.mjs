// `npm run test:clients`: xrole beside the AWS CLI, boto3, moto and others from PyPI in a virtual environment of its own, beside other
// SDKs (peers.mjs), and in the real shells.
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { runNode } from "./alone.mjs";
import { ensureInstalled } from "./ensure-install.mjs";
import { makePeers } from "./peers.mjs";

const REQUIREMENTS = "test/clients/requirements.txt";
const VENV = resolve(".venv");
const STAMP = join(VENV, "requirements.txt");

ensureInstalled();
const wantedPrograms = ["python3", "bash", "dash", "busybox", "rclone", "zsh", "fish", "man", "mandoc"];
const missing = wantedPrograms.filter((name) => spawnSync(name, ["--help"]).error);
if (missing.length > 0) {
  fail(
    `these are needed and not here: ${missing.join(", ")}\n  on Debian: apt-get install python3-venv bash dash busybox rclone zsh fish man-db mandoc`,
  );
}

const wanted = readFileSync(REQUIREMENTS, "utf8");
if (!existsSync(STAMP) || readFileSync(STAMP, "utf8") !== wanted) {
  process.stderr.write("making a Python virtual environment (a minute or two) ...\n");
  run(
    "python3",
    ["-m", "venv", "--clear", VENV],
    "python3 cannot make virtual environments: apt-get install python3-venv",
  );
  run(join(VENV, "bin/pip"), ["install", "--quiet", "--disable-pip-version-check", "-r", REQUIREMENTS], "pip failed");
  writeFileSync(STAMP, wanted);
}

const given = process.argv.slice(2);
const made = { XROLE_TEST_VENV: join(VENV, "bin"), XROLE_TEST_PEERS: peers() };
// `--prepare` makes what the tests take, and runs none.
if (!given.includes("--prepare"))
  process.exitCode = runNode(["node_modules/vitest/vitest.mjs", "run", "--project", "clients", ...given], made);

function peers() {
  try {
    return makePeers();
  } catch (error) {
    return fail(error.message);
  }
}

function run(file, args, otherwise) {
  if (spawnSync(file, args, { stdio: ["ignore", 2, 2] }).status !== 0) fail(otherwise);
}

function fail(message) {
  process.stderr.write(`test:clients: ${message}\n`);
  process.exit(1);
}
