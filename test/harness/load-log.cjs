// Loaded before xrole (--require): writes down, in the file that XROLE_TEST_LOADS names, each part of xrole's that is loaded, and each
// use of what takes long the first time in a process.
"use strict";
const { appendFileSync } = require("node:fs");
const Module = require("node:module");
const { basename, dirname } = require("node:path");

const log = (line) => appendFileSync(process.env.XROLE_TEST_LOADS, `${line}\n`);

const compile = Module.prototype._compile;
Module.prototype._compile = function (text, file, ...rest) {
  if (basename(dirname(file)) === "dist") log(basename(file));
  return compile.call(this, text, file, ...rest);
};
for (const [object, name] of [
  [process, "stdout"],
  [process, "stderr"],
  [globalThis, "performance"],
]) {
  const own = Object.getOwnPropertyDescriptor(object, name);
  Object.defineProperty(object, name, {
    ...own,
    get() {
      log(object === process ? `process.${name}` : name);
      return own.get.call(object);
    },
  });
}
const { toISOString } = Date.prototype;
Date.prototype.toISOString = function () {
  log("toISOString");
  return toISOString.call(this);
};
