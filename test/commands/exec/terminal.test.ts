// The command under exec on a real terminal: Ctrl-C, Ctrl-Z and their like do what they do without xrole.
import { describe, expect, it } from "vitest";
import { makeHome } from "../../harness/home.ts";
import { BINARY } from "../../harness/run.ts";
import { start } from "../../harness/start.ts";
import { CTRL_BACKSLASH, CTRL_C, CTRL_Z, openTerminal, xroleWords } from "../../harness/terminal.ts";

const env = (): Record<string, string> => ({
  HOME: makeHome({ ".aws/credentials": "[p]\naws_access_key_id = AKIAP\naws_secret_access_key = secret-of-p\n" }),
});
/** Counts what it gets, and ends with 9 a moment after the first: a second one would be seen. */
const COUNTING = `process.stdin.resume();let n=0;for(const s of ["SIGINT","SIGQUIT"])process.on(s,()=>{console.log(s,++n);setTimeout(()=>process.exit(9),300)});console.log("ready")`;

describe("on a terminal", () => {
  it.each([
    ["Ctrl-C", CTRL_C, "SIGINT"],
    ["Ctrl-\\", CTRL_BACKSLASH, "SIGQUIT"],
  ])("%s reaches the command once, whose status comes back", async (_, key, name) => {
    const terminal = openTerminal(xroleWords("exec", "p", "--", process.execPath, "-e", COUNTING), env());
    await terminal.see("ready");
    terminal.type(key);
    await terminal.see(`${name} 1`);
    expect(await terminal.ended).toEqual({ status: 9, signal: undefined });
    expect(terminal.text()).not.toContain(`${name} 2`);
  });

  it("Ctrl-C ends a command that does not mind it, and xrole by the same signal", async () => {
    const terminal = openTerminal(xroleWords("exec", "p", "--", "sh", "-c", "echo ready; exec sleep 60"), env());
    await terminal.see("ready");
    terminal.type(CTRL_C);
    expect(await terminal.ended).toEqual({ status: 0, signal: 2 });
  });

  it("Ctrl-Z stops both, and fg resumes both", async () => {
    const terminal = openTerminal(["bash", "--norc", "-i"], { ...env(), PS1: "shell> " });
    await terminal.see("shell> ");
    terminal.type(`'${process.execPath}' '${BINARY}' exec p -- sh -c 'echo rea""dy; read line; echo "got $line"'\n`);
    await terminal.see("ready");
    terminal.type(CTRL_Z);
    await terminal.see(/Stopped/);
    terminal.type("ps -o stat= -o args= --forest | grep -c '^T.*rea\"\"dy'\n");
    // xrole and its command, both stopped: on a Node that replaces the process there is one.
    await terminal.see(/\n[12]\r/);
    terminal.type("fg\n");
    await terminal.see("exec p");
    terminal.type("again\n");
    await terminal.see("got again");
    terminal.type("exit 0\n");
    expect(await terminal.ended).toEqual({ status: 0, signal: undefined });
  });

  it("the command reads and draws on the terminal itself", async () => {
    const script = "test -t 0 && test -t 1 && test -t 2 && stty size";
    const terminal = openTerminal(xroleWords("exec", "p", "--", "sh", "-c", script), env());
    await terminal.see("40 200");
    expect(await terminal.ended).toEqual({ status: 0, signal: undefined });
  });
});

describe("without a terminal", () => {
  it.each(["SIGINT", "SIGQUIT", "SIGTERM", "SIGHUP", "SIGUSR1", "SIGUSR2"] as const)(
    "%s of xrole's own is the command's",
    async (signal) => {
      const script = `trap 'echo got it; exit 9' ${signal.slice(3)}; echo ready; while :; do sleep 0.05; done`;
      const { child, ended } = start(["exec", "p", "--", "sh", "-c", script], env());
      child.stdout?.once("data", () => child.kill(signal));
      expect(await ended).toMatchObject({ status: 9, stdout: "ready\ngot it\n" });
    },
  );
});

describe("in the background of a terminal", () => {
  it("SIGINT of xrole's own is the command's", async () => {
    const terminal = openTerminal(["bash", "--norc", "-i"], { ...env(), PS1: "shell> " });
    await terminal.see("shell> ");
    const script = `trap "echo got it; exit 9" INT; echo rea""dy; while :; do sleep 0.05; done`;
    terminal.type(`'${process.execPath}' '${BINARY}' exec p -- sh -c '${script}' &\n`);
    await terminal.see("ready");
    terminal.type("kill -INT $!; wait $!; echo ended with $?\n");
    await terminal.see("got it");
    await terminal.see("ended with 9");
  });
});
