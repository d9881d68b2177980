// Runs a program where the network is loopback alone, so that nothing can leave the machine whatever a client ignores: in a
// network namespace of its own (unshare(1), Linux). Where that is not allowed, it says so and runs the program as it is.
import { spawnSync } from "node:child_process";
import { env, execPath, getgid, getuid, platform, stderr } from "node:process";

/** Brings loopback up, then becomes the program. */
const UP = ["ip link set lo up", "ifconfig lo up", "busybox ip link set lo up"]
  .map((one) => `${one} 2>/dev/null`)
  .join(" || ");

/** As the same user: a user namespace gives the right to a network of one's own, which the program itself then lacks again. */
const ways = () => {
  const inside = (drop) => ["sh", "-c", `(${UP}) && exec ${drop} "$@"`, "sh"];
  if (getuid() === 0) return [["unshare", "--net", ...inside("")]];
  const ids = [`--map-user=${getuid()}`, `--map-group=${getgid()}`];
  return [
    ["unshare", "--user", ...ids, "--net", "--keep-caps", ...inside("setpriv --ambient-caps=-all --inh-caps=-all")],
  ];
};

/** Only where a server can be reached on loopback, and nothing else is there. */
const PROBE = `const net = require("node:net"), os = require("node:os");
if (Object.keys(os.networkInterfaces()).some((name) => name !== "lo")) process.exit(1);
const server = net.createServer().listen(0, "127.0.0.1", () =>
  net.connect(server.address().port, "127.0.0.1", () => process.exit(0)).on("error", () => process.exit(1)));`;

/** The words that run a program with loopback alone; none where that cannot be. */
function prefix() {
  if (platform !== "linux" || env.XROLE_TEST_NETWORK === "host") return [];
  const way = ways().find(([file, ...words]) => spawnSync(file, [...words, execPath, "-e", PROBE]).status === 0);
  if (!way)
    stderr.write("no network namespace can be made here (unshare): the tests run with the network of this machine\n");
  return way ?? [];
}

/** Runs Node with `words`; stdin, stdout and stderr are the caller's. @returns the exit status */
export function runNode(words, more = {}) {
  const before = prefix();
  const [file, ...rest] = [...before, execPath, ...words];
  const alone = before.length > 0 && { XROLE_TEST_ALONE: "true" };
  return spawnSync(file, rest, { stdio: "inherit", env: { ...env, ...more, ...alone } }).status ?? 1;
}
