// Loaded into a measured process: leaves the processor time that it took, in milliseconds, in the file of BENCH_CPU.
process.on("exit", () => {
  const { user, system } = process.cpuUsage();
  require("node:fs").writeFileSync(process.env.BENCH_CPU, String((user + system) / 1000));
});
