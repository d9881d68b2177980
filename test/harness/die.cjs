// Loaded into a child of a test (--require): kills it at one step of what it does with files, counted from the first file that it makes
// on: XROLE_TEST_STEP is its number. Writing a text has a step in its middle.
"use strict";
const fs = require("node:fs");

const LAST = Number(process.env.XROLE_TEST_STEP);
let count = 0;
const step = () => {
  if (++count === LAST) process.kill(process.pid, "SIGKILL");
};
const { writeSync } = fs;
const STEPS = [
  "openSync",
  "writeFileSync",
  "futimesSync",
  "closeSync",
  "lstatSync",
  "renameSync",
  "rmSync",
  "linkSync",
];
for (const name of STEPS) {
  const original = fs[name];
  fs[name] = (...args) => {
    const [to, second] = args;
    if (count === 0 && !(name === "openSync" && second === "wx")) return original(...args);
    step();
    if (name !== "writeFileSync" || typeof to !== "number") return original(...args);
    const bytes = Buffer.from(second);
    const half = bytes.length >> 1;
    writeSync(to, bytes, 0, half);
    step();
    return writeSync(to, bytes, half);
  };
}
