// Loaded into a child of a test: its clock and its timers go XROLE_TEST_SPEED times as fast while it waits, so that what takes half a
// minute there is over in seconds. While it works, or another process has the processor, time passes as ever: on a busy machine it
// would else run out of time that it never had. With a speed below 1 all its time goes slower.
const SPEED = Number(process.env.XROLE_TEST_SPEED ?? 10);
/** Milliseconds since 1970 from which a slow clock goes, so that processes that start one after the other agree on the time. */
const EPOCH = Number(process.env.XROLE_TEST_EPOCH ?? 0);
/** Looks at the clock that a timer takes while it waits. */
const LOOKS = 20;

const real = performance.now.bind(performance);
const begun = Date.now() - real();
/** Milliseconds that this process has waited for events. */
const waited = () => performance.eventLoopUtilization().idle;
const here = () => (SPEED > 1 ? real() + (SPEED - 1) * waited() : real() * SPEED);
performance.now = here;
process.uptime = () => here() / 1000;
Date.now = () => Math.round(SPEED > 1 ? begun + here() : EPOCH + (begun + real() - EPOCH) * SPEED);

const { setInterval: repeat, clearInterval: clear } = globalThis;
for (const name of ["setTimeout", "setInterval"]) {
  globalThis[name] = (run, milliseconds = 0, ...args) => {
    let due = here() + milliseconds;
    const timer = repeat(
      () => {
        if (here() < due) return;
        if (name === "setTimeout") clear(timer);
        due += milliseconds;
        run(...args);
      },
      Math.max(1, milliseconds / SPEED / LOOKS),
    );
    return timer;
  };
}
