// Loaded into a measured process: leaves the most memory it had, in KiB, in the file of BENCH_MEMORY.
process.on("exit", () =>
  require("node:fs").writeFileSync(process.env.BENCH_MEMORY, String(process.resourceUsage().maxRSS)),
);
