// `npm run demo`: plays the README's story in the sandbox, on a fresh clone too. Real commands, real output; it fails if a
// step does not go as told.
import { spawnSync } from "node:child_process";
import { ensureInstalled } from "./ensure-install.mjs";

const INSIDE = "inside-the-sandbox";
const PROGRAM = ["node", "examples/list-bucket.mjs", "b-s3-bucket"];
// The SDK of the example program would tell Node 20's users to upgrade, each time.
const ENV = { ...process.env, AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: "true" };
const isPlain = !process.stdout.isTTY || Boolean(process.env.NO_COLOR);
const bold = (text) => (isPlain ? text : `\u001b[1m${text}\u001b[0m`);
const dim = (text) => (isPlain ? text : `\u001b[2m${text}\u001b[0m`);

if (process.argv[2] === INSIDE) play();
else {
  ensureInstalled();
  const words = ["bin/xrole.js", "sandbox", "--", process.execPath, "scripts/demo.mjs", INSIDE];
  process.exitCode = spawnSync(process.execPath, words, { stdio: "inherit" }).status ?? 1;
}

function play() {
  tell("A host in account 111111111111 must read a bucket in account 222222222222.");
  tell("Its own role may not; but it may assume role-b-s3, which trusts it. All of it plays on loopback.");

  tell("\n1. With its own role, the host is refused at the bucket:");
  expect(run(PROGRAM), 1, ["I am arn:aws:sts::111111111111:assumed-role/app-host/", "AccessDenied"]);

  tell("\n2. The profile in ~/.aws/config that crosses over, and what xrole makes of it:");
  expect(run(["xrole", "explain", "b-s3"]), 0, ["the instance's role", "arn:aws:iam::222222222222:role/role-b-s3"]);

  tell("\n3. The same program through xrole:");
  const crossed = ["I am arn:aws:sts::222222222222:assumed-role/role-b-s3/", "s3://b-s3-bucket/hello.txt"];
  expect(run(["xrole", "exec", "b-s3", "--", ...PROGRAM]), 0, crossed);

  tell("\n4. A shell script takes the role, and lets go of it again:");
  const script = `eval $(xrole env b-s3)\n${PROGRAM.join(" ")} | head -n 1\neval $(xrole env --unset)\n${PROGRAM.join(" ")} | head -n 1`;
  expect(run(["sh", "-c", script]), 0, ["222222222222:assumed-role/role-b-s3/", "111111111111:assumed-role/app-host/"]);

  tell("\n5. A program takes the role itself, by the library (examples/library.mjs):");
  const program = ["node", "examples/library.mjs", "b-s3", "b-s3-bucket"];
  expect(run(program), 0, ["I act in account 222222222222", "s3://b-s3-bucket/hello.txt"]);

  tell(`\nThat was it. ${bold("node bin/xrole.js sandbox -- bash")} opens a shell to try more.`);
}

/** Shows a command and what it prints, and gives both back. */
function run(words) {
  const shown = words[0] === "sh" ? words[2].split("\n") : [words.join(" ")];
  for (const line of shown) console.log(bold(`   $ ${line}`));
  const { stdout, stderr, status } = spawnSync(words[0], words.slice(1), { encoding: "utf8", env: ENV });
  const output = stdout + stderr;
  for (const line of output.trimEnd().split("\n")) console.log(dim(`     ${line}`));
  return { status, output };
}

function expect({ status, output }, wantedStatus, parts) {
  const missing = parts.filter((part) => !output.includes(part));
  if (status === wantedStatus && missing.length === 0) return;
  console.error(
    `demo: this did not go as told: status ${status}, wanted ${wantedStatus}; missing ${JSON.stringify(missing)}`,
  );
  process.exit(1);
}

function tell(text) {
  console.log(text);
}
