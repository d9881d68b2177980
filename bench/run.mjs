// `npm run bench`: how long xrole takes beside what it cannot do without. Rows are measured side by side, taking turns, so that a
// noisy machine hits both; each is a median. BENCH_NODES names the Nodes to run (paths, with commas), BENCH_RUNS how often.
import { fork, spawn, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { get } from "node:http";
import { cpus, release, tmpdir, totalmem } from "node:os";
import { join, resolve } from "node:path";
import { text } from "node:stream/consumers";
import { measureShapes } from "./config-shapes.mjs";
import { endpointRows } from "./endpoint.mjs";

const RUNS = Number(process.env.BENCH_RUNS ?? 40);
const NODES = (process.env.BENCH_NODES ?? process.execPath).split(",").map((path) => resolve(path));
const XROLE = resolve("bin/xrole.js");
const CROWD = 200;

const home = mkdtempSync(join(tmpdir(), "xrole-bench-"));
const server = fork(resolve("bench/aws.mjs"), { stdio: ["ignore", "inherit", "inherit", "ipc"] });
const { url } = await new Promise((done) => server.once("message", done));
// A connection of its own each time: the server gives up one that idles while commands are measured.
const count = () =>
  new Promise((done, fail) => {
    const request = get(`${url}/count`, { agent: false }, async (reply) => done(JSON.parse(await text(reply))));
    request.on("error", fail);
  });

mkdirSync(join(home, ".aws"));
const role = (name, source) =>
  `[profile ${name}]\nrole_arn = arn:aws:iam::222222222222:role/r\n${source}\nregion = us-east-1\n`;
const own = `${role("p", "credential_source = Environment")}${role("i", "credential_source = Ec2InstanceMetadata")}`;
const others = (n) => Array.from({ length: n }, (_, index) => role(`team-${index}`, "source_profile = p")).join("");
writeFileSync(join(home, ".aws/config"), own);
writeFileSync(join(home, "few"), others(10) + own);
writeFileSync(join(home, "many"), others(10_000) + own);
writeFileSync(
  join(home, "spawn.cjs"),
  'require("node:child_process").spawn("true",{stdio:"inherit"}).on("exit",(status)=>{process.exitCode=status})',
);
const env = {
  HOME: home,
  PATH: process.env.PATH,
  AWS_ACCESS_KEY_ID: "AKIABENCH",
  AWS_SECRET_ACCESS_KEY: "secret",
  AWS_DEFAULT_REGION: "us-east-1",
  AWS_ENDPOINT_URL_STS: url,
  AWS_EC2_METADATA_SERVICE_ENDPOINT: url,
};
const inEnv = (more, command) => ({ command, env: { ...env, ...more } });
const aws = [resolve(".venv/bin/aws"), "aws"].find((path) => !spawnSync(path, ["--version"], { env }).error);
const exports_ = ["configure", "export-credentials", "--profile", "keys"];
const canExport =
  aws !== undefined &&
  spawnSync(aws, ["configure", "export-credentials", "help"], { env: { ...env, PAGER: "cat" } }).status === 0;

/** Medians in milliseconds of commands that take turns. */
function sideBySide(runs, commands) {
  const times = commands.map(() => []);
  for (let run = -2; run < runs; run++) {
    commands.forEach(({ command: [file, ...words], env, before }, index) => {
      before?.();
      const start = process.hrtime.bigint();
      const { status, stderr } = spawnSync(file, words, { env, stdio: ["ignore", "ignore", "pipe"] });
      const took = Number(process.hrtime.bigint() - start) / 1e6;
      if (status !== 0) throw new Error(`${file} ${words.join(" ")} ended with ${status}: ${stderr}`);
      if (run >= 0) times[index].push(took);
    });
  }
  return times.map((all) => all.sort((a, b) => a - b)[Math.floor(all.length / 2)]);
}

const rows = [];
/** A row: what was measured, the figure, what it is compared with, and the figure to reach. */
function row(node, what, figure, beside, goal, isMet) {
  rows.push({ node, what, figure, beside, goal, isMet });
}
const ms = (value) => `${value.toFixed(1)} ms`;
const ratio = (value) => `${value.toFixed(2)} x`;

for (const node of NODES) {
  const version = spawnSync(node, ["--version"], { encoding: "utf8" }).stdout.trim();
  const xrole = (...words) => [node, XROLE, ...words];
  const fresh = () => ({ XROLE_CACHE_DIR: join(home, `cold-${Math.random().toString(36).slice(2)}`) });
  const warm = { XROLE_CACHE_DIR: join(home, `warm-${version}`) };
  // This one asks; what is measured reads what it kept.
  spawnSync(node, [XROLE, "credential-process", "p"], { env: { ...env, ...warm } });

  const [bare, spawning, exec, credentials] = sideBySide(RUNS, [
    inEnv({}, [node, "-e", "0"]),
    inEnv({}, [node, join(home, "spawn.cjs")]),
    inEnv(warm, xrole("exec", "p", "--", "true")),
    inEnv(warm, xrole("credential-process", "p")),
  ]);
  row(
    version,
    "exec -- true, warm",
    ms(exec),
    `${ratio(exec / spawning)} bare node that spawns true (${ms(spawning)})`,
    "1.40 x",
    exec / spawning <= 1.4,
  );
  row(
    version,
    "credential-process, warm",
    ms(credentials),
    `${ratio(credentials / bare)} node -e 0 (${ms(bare)})`,
    "1.40 x",
    credentials / bare <= 1.4,
  );

  // Nothing is kept: the role is asked for each time.
  const chill = { XROLE_CACHE_DIR: join(home, `chill-${version}`) };
  const forget = () => {
    for (const name of readdirSync(chill.XROLE_CACHE_DIR).filter((name) => name.endsWith(".json")))
      rmSync(join(chill.XROLE_CACHE_DIR, name));
  };
  spawnSync(node, [XROLE, "credential-process", "p"], { env: { ...env, ...chill } });
  const cold = { ...inEnv(chill, xrole("credential-process", "p")), before: forget };
  const [bareAgain, asked] = sideBySide(RUNS, [inEnv({}, [node, "-e", "0"]), cold]);
  row(
    version,
    "credential-process, cold, keys in the environment",
    ms(asked),
    `${ms(asked - bareAgain)} more than node -e 0`,
    "60 ms more",
    asked - bareAgain <= 60,
  );
  if (aws) {
    const assume = [
      aws,
      "sts",
      "assume-role",
      "--role-arn",
      "arn:aws:iam::222222222222:role/r",
      "--role-session-name",
      "bench",
    ];
    const [own, theirs] = sideBySide(Math.ceil(RUNS / 4), [cold, inEnv({}, assume)]);
    row(
      version,
      "the same, beside aws sts assume-role",
      ms(own),
      `${ratio(theirs / own)} as fast (${ms(theirs)})`,
      "5 x",
      theirs / own >= 5,
    );
  }
  if (canExport) {
    writeFileSync(
      join(home, ".aws/credentials"),
      "[keys]\naws_access_key_id = AKIABENCH\naws_secret_access_key = secret\n",
    );
    const [own, theirs] = sideBySide(Math.ceil(RUNS / 4), [
      inEnv(warm, xrole("credential-process", "p")),
      inEnv({}, [aws, ...exports_]),
    ]);
    row(
      version,
      "warm, beside aws configure export-credentials",
      ms(own),
      `${ratio(theirs / own)} as fast (${ms(theirs)})`,
      "",
      true,
    );
  }

  await count();
  spawnSync(node, [XROLE, "credential-process", "i"], { env: { ...env, ...fresh() } });
  const { all } = await count();
  row(
    version,
    "requests for a role from the instance, cold",
    String(all),
    "3 of the instance, 1 of STS",
    "4",
    all === 4,
  );

  const crowd = { ...env, ...fresh() };
  const begin = process.hrtime.bigint();
  const printed = await Promise.all(
    Array.from(
      { length: CROWD },
      () =>
        new Promise((done) => {
          let output = "";
          const child = spawn(node, [XROLE, "credential-process", "p"], {
            env: crowd,
            stdio: ["ignore", "pipe", "inherit"],
          });
          child.stdout.on("data", (chunk) => (output += chunk));
          child.on("close", () => done(output));
        }),
    ),
  );
  const wall = Number(process.hrtime.bigint() - begin) / 1e9;
  const { assumeRole } = await count();
  const isSame = new Set(printed).size === 1 && printed[0] !== "";
  row(
    version,
    `${CROWD} processes at once, cold`,
    `${wall.toFixed(1)} s`,
    `${assumeRole} AssumeRole${isSame ? "" : ", and not all the same"}`,
    "1 AssumeRole",
    assumeRole === 1 && isSame,
  );

  const scale = (file) => inEnv({ ...warm, AWS_CONFIG_FILE: join(home, file) }, xrole("exec", "p", "--", "true"));
  const [few, many] = sideBySide(RUNS, [scale("few"), scale("many")]);
  row(
    version,
    "exec, warm, 10,000 profiles",
    ms(many),
    `${ratio(many / few)} that with 10 (${ms(few)})`,
    "1.60 x",
    many / few <= 1.6,
  );

  let worst = { took: 0 };
  for await (const one of measureShapes(node, XROLE)) if (one.took > worst.took) worst = one;
  row(
    version,
    "config of 256 kB, of any shape: the slowest",
    ms(worst.took),
    `${worst.command}, ${worst.shape}`,
    "1000 ms",
    worst.took <= 1000,
  );

  const waiting = { AWS_ENDPOINT_URL_STS: `${url}/waiting` };
  const [served, crowded] = [fresh(), { ...fresh(), ...waiting }].map((more) => ({ ...env, ...more }));
  for (const { what, figure, beside, goal, isMet } of await endpointRows(node, XROLE, served, crowded, count))
    row(version, what, figure, beside, goal, isMet);

  const memory = (command, more) => {
    const file = join(home, "memory");
    spawnSync(node, [...(command ?? ["-e", "0"])], {
      env: { ...env, ...more, NODE_OPTIONS: `--require=${resolve("bench/memory.cjs")}`, BENCH_MEMORY: file },
    });
    return Number(readFileSync(file, "utf8")) / 1024;
  };
  const mib = (value) => `${value.toFixed(0)} MiB`;
  const idle = memory();
  row(
    version,
    "most memory, warm",
    mib(memory([XROLE, "credential-process", "p"], warm)),
    `bare node ${mib(idle)}`,
    "",
    true,
  );
  forget();
  row(
    version,
    "most memory, cold",
    mib(memory([XROLE, "credential-process", "p"], chill)),
    `bare node ${mib(idle)}`,
    "",
    true,
  );
}
server.kill();
rmSync(home, { recursive: true, force: true });

const [{ model }] = cpus();
const machine = `${cpus().length} x ${model.trim()}, ${(totalmem() / 2 ** 30).toFixed(0)} GiB, ${process.platform} ${release()}`;
const table = [
  "| Node | what | median | beside | to reach | |",
  "| --- | --- | --- | --- | --- | --- |",
  ...rows.map(
    ({ node, what, figure, beside, goal, isMet }) =>
      `| ${node} | ${what} | ${figure} | ${beside} | ${goal} | ${goal === "" ? "" : isMet ? "met" : "missed"} |`,
  ),
].join("\n");
const date = new Date().toISOString().slice(0, 10);
const report = `${machine}; ${date}; ${RUNS} runs a row\n\n${table}`;
process.stdout.write(`${report}\n`);
mkdirSync("bench/results", { recursive: true });
writeFileSync("bench/results/last.json", `${JSON.stringify({ date, machine, runs: RUNS, rows }, null, 2)}\n`);
// With --write it goes into the documentation.
if (process.argv.includes("--write")) {
  const [begin, end] = ["<!-- bench -->\n", "\n<!-- /bench -->"];
  const page = readFileSync("docs/performance.md", "utf8");
  const [before, rest] = page.split(begin);
  writeFileSync("docs/performance.md", `${before}${begin}\n${report}\n${end}${rest.split(end)[1]}`);
  spawnSync(process.execPath, ["node_modules/prettier/bin/prettier.cjs", "--write", "docs/performance.md"]);
}
