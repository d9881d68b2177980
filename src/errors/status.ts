/** Exit statuses of docs/contract.md (BSD sysexits, which shells and init systems already know). */
export const STATUS = {
  ok: 0,
  usage: 64,
  unavailable: 69,
  software: 70,
  output: 74,
  tryLater: 75,
  refused: 77,
  config: 78,
  /** Ctrl-C at a list: 128 plus the number of SIGINT, as shells count. */
  interrupted: 130,
  /** `exec`: xrole itself failed. */
  execFailed: 125,
  /** `exec`: the command cannot be run. */
  cannotRun: 126,
  /** `exec`: the command was not found. */
  notFound: 127,
} as const;
