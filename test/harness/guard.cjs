// Lets no test reach anything but this machine: a connection elsewhere fails, and is written down, so that a caller who
// swallows the error still fails its test (run.ts looks). Errors that xrole reports are written down too. Loaded into vitest's workers and
// into every Node child.
"use strict";
const { appendFileSync } = require("node:fs");
const net = require("node:net");
const dns = require("node:dns");
const { dirname, join } = require("node:path");
const { subscribe } = require("node:diagnostics_channel");

const LOOPBACK = /^(127(\.\d{1,3}){3}|::1|\[::1\]|::ffff:127(\.\d{1,3}){3}|localhost|0\.0\.0\.0)$/;

function refuse(what) {
  if (process.env.XROLE_TEST_GUARD) appendFileSync(process.env.XROLE_TEST_GUARD, `${what}\n`);
  return Object.assign(new Error(`test guard: ${what} is not this machine`), { code: "ECONNREFUSED" });
}

const connect = net.Socket.prototype.connect;
net.Socket.prototype.connect = function (...args) {
  const options = Array.isArray(args[0]) ? args[0][0] : args[0];
  const host = typeof options === "object" ? (options?.host ?? "localhost") : (args[1] ?? "localhost");
  // A path is a Unix socket or a pipe; HTTP passes null.
  if (typeof options?.path === "string") return connect.apply(this, args);
  if (LOOPBACK.test(String(host))) return connect.apply(this, args);
  const error = refuse(String(host));
  process.nextTick(() => this.destroy(error));
  return this;
};

const lookup = dns.lookup;
dns.lookup = function (host, ...args) {
  if (LOOPBACK.test(String(host))) return lookup.call(this, host, ...args);
  const error = refuse(String(host));
  process.nextTick(args.at(-1), error);
};

subscribe("xrole.error", (error) => {
  const log = process.env.XROLE_TEST_GUARD;
  if (log) appendFileSync(join(dirname(log), "errors"), `${JSON.stringify(error)}\n`);
});
