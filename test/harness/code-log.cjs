// Loaded before xrole (--require): writes down, in the file that XROLE_TEST_CODE names, every file whose text is made into code,
// and every use of a code cache.
"use strict";
const { appendFileSync } = require("node:fs");
const Module = require("node:module");
const vm = require("node:vm");

const log = (line) => appendFileSync(process.env.XROLE_TEST_CODE, `${line}\n`);

const compile = Module.prototype._compile;
Module.prototype._compile = function (text, file, ...rest) {
  log(file);
  return compile.call(this, text, file, ...rest);
};
for (const name of [".node", ".json"]) {
  const load = Module._extensions[name];
  Module._extensions[name] = function (module, file) {
    log(file);
    return load.call(this, module, file);
  };
}
for (const name of ["Script", "SourceTextModule"]) {
  const Original = vm[name];
  if (Original)
    vm[name] = class extends Original {
      constructor(text, options) {
        log(`vm.${name} ${options?.filename ?? ""}${options?.cachedData ? " from a code cache" : ""}`);
        super(text, options);
      }
    };
}
if (Module.enableCompileCache) Module.enableCompileCache = () => log("enableCompileCache");
