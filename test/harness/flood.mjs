// Sends an endpoint many requests at once, in as few packets as possible, and prints how many answers of each status came. With no
// token the requests are refused. Stays until SIGTERM, so that it may be the command of `exec --renew`.
import { connect } from "node:net";

const CONNECTIONS = 4;
/** Requests that a connection sends before it waits for their answers. */
const BATCH = 250;

const [count, uri = process.env.AWS_CONTAINER_CREDENTIALS_FULL_URI, token] = process.argv.slice(2);
const { pathname, host, port } = new URL(uri);
const authorization = token === undefined ? "" : `Authorization: ${token}\r\n`;
const request = `GET ${pathname} HTTP/1.1\r\nHost: ${host}\r\n${authorization}\r\n`;
const answers = {};

/** Sends requests over one connection. Resolves when all are answered. */
function send(left) {
  const socket = connect(Number(port), "127.0.0.1");
  let missing = 0;
  let text = "";
  const next = () => {
    missing = Math.min(BATCH, left);
    left -= missing;
    socket.write(request.repeat(missing));
  };
  return new Promise((resolve, reject) => {
    socket.on("connect", next);
    socket.on("data", (chunk) => {
      text += chunk.toString("latin1");
      const last = text.lastIndexOf("HTTP/1.1 ");
      // The last answer may not be whole: it is counted with what comes next.
      const isWhole = text.endsWith("}");
      for (const [, status] of (isWhole ? text : text.slice(0, last)).matchAll(/HTTP\/1\.1 (\d+)/g)) {
        answers[status] = (answers[status] ?? 0) + 1;
        missing--;
      }
      text = isWhole ? "" : text.slice(last);
      if (missing > 0) return;
      if (left > 0) next();
      else resolve(socket.destroy());
    });
    socket.on("error", reject);
    socket.on("close", () => reject(new Error(`${missing} answers are missing`)));
  });
}

process.on("SIGTERM", () => process.exit(0));
await Promise.all(Array.from({ length: CONNECTIONS }, () => send(Number(count) / CONNECTIONS)));
process.stdout.write(`${JSON.stringify(answers)}\n`);
setInterval(() => undefined, 1000);
