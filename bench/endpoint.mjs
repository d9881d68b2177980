// The rows of the credential endpoint: beside a bare node:http server that answers the same, and with a thousand clients that wait.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { connect } from "node:net";

const CLIENTS = 32;
const CROWD = 1000;
const ROUNDS = 3;
const SECONDS = 1;

/**
 * @param node the Node to measure
 * @param env of `xrole serve p`, whose STS answers at once
 * @param waitingEnv the same, whose first session is too short to hand out and whose second takes its time
 * @param count what STS was asked since the last count
 */
export async function endpointRows(node, xrole, env, waitingEnv, count) {
  const served = await startServe(node, xrole, env);
  const body = (await exchange(served)).body;
  const bare = await startBare(node, body);
  const figures = { served: [], bare: [] };
  // Taking turns, so that a noisy machine hits both.
  for (let round = 0; round < ROUNDS; round++) {
    figures.bare.push(await load(bare));
    figures.served.push(await load(served));
  }
  served.stop();
  bare.stop();
  const [own, other] = [median(figures.served), median(figures.bare)];

  await count();
  const crowded = await startServe(node, xrole, waitingEnv);
  const statuses = await Promise.all(
    Array.from({ length: CROWD }, () => exchange(crowded).then(({ status }) => status)),
  );
  crowded.stop();
  const { assumeRole } = await count();
  // The first was asked for when the endpoint began.
  const renewals = assumeRole - 1;
  const failed = statuses.filter((status) => status !== 200).length;
  return [
    {
      what: `endpoint, ${CLIENTS} clients`,
      figure: `${own.rate.toFixed(0)} requests/s, p99 ${own.p99.toFixed(1)} ms`,
      beside: `${(own.rate / other.rate).toFixed(2)} of a bare node:http server (${other.rate.toFixed(0)}/s, p99 ${other.p99.toFixed(1)} ms)`,
      goal: "0.70",
      isMet: own.rate / other.rate >= 0.7,
    },
    {
      what: `endpoint, ${CROWD} clients that wait for a renewal`,
      figure: `${renewals} AssumeRole`,
      beside: failed === 0 ? "all served" : `${failed} not served`,
      goal: "1 AssumeRole",
      isMet: renewals === 1 && failed === 0,
    },
  ];
}

async function startServe(node, xrole, env) {
  const child = spawn(node, [xrole, "serve", "p", "--print", "json"], { env, stdio: ["ignore", "pipe", "ignore"] });
  const [text] = await once(child.stdout, "data");
  const [{ uri, tokenFile }] = JSON.parse(text);
  const { port, pathname } = new URL(uri);
  const request = `GET ${pathname} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nAuthorization: ${readFileSync(tokenFile, "utf8")}\r\n\r\n`;
  return { port: Number(port), request, stop: () => child.kill() };
}

async function startBare(node, body) {
  const script = `const s=require("node:http").createServer((q,r)=>{r.writeHead(200,{"content-type":"application/json","content-length":Buffer.byteLength(process.argv[1])}).end(process.argv[1])}).listen(0,"127.0.0.1",()=>console.log(s.address().port))`;
  const child = spawn(node, ["-e", script, body], { stdio: ["ignore", "pipe", "inherit"] });
  const [text] = await once(child.stdout, "data");
  const port = Number(text);
  return { port, request: `GET / HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\n\r\n`, stop: () => child.kill() };
}

/** Clients that ask again as soon as they are answered, for a while: requests a second, and the 99th percentile in milliseconds. */
async function load({ port, request }) {
  const times = [];
  const end = performance.now() + SECONDS * 1000;
  const client = () =>
    new Promise((done, fail) => {
      const socket = connect(port, "127.0.0.1");
      let begin = performance.now();
      socket.on("connect", () => socket.write(request));
      socket.on("data", (chunk) => {
        // An answer comes in one piece.
        if (chunk.subarray(0, 12).toString() !== "HTTP/1.1 200") return fail(new Error(chunk.toString()));
        const now = performance.now();
        times.push(now - begin);
        begin = now;
        if (now < end) socket.write(request);
        else socket.destroy();
      });
      socket.on("error", fail);
      socket.on("close", done);
    });
  await Promise.all(Array.from({ length: CLIENTS }, client));
  times.sort((a, b) => a - b);
  return { rate: times.length / SECONDS, p99: times[Math.floor(times.length * 0.99)] };
}

const median = (figures) => figures.sort((a, b) => a.rate - b.rate)[Math.floor(figures.length / 2)];

function exchange({ port, request }) {
  return new Promise((done) => {
    const socket = connect(port, "127.0.0.1", () => socket.write(request));
    socket.on("data", (chunk) => {
      const text = chunk.toString();
      done({ status: Number(text.slice(9, 12)), body: text.split("\r\n\r\n")[1] });
      socket.destroy();
    });
    socket.on("error", () => done({ status: 0 }));
    socket.on("close", () => done({ status: 0 }));
  });
}
