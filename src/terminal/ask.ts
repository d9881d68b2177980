// Asks the user a question at the controlling terminal: stdin and stdout may be a pipe, or stdout may be read by `eval`.
import { closeSync, openSync } from "node:fs";
import { createInterface } from "node:readline";
import { ReadStream, WriteStream } from "node:tty";

export interface Terminal {
  readonly input: ReadStream;
  readonly output: WriteStream;
  readonly close: () => void;
}

/** The controlling terminal; undefined if the process has none. */
export function openTerminal(platform: NodeJS.Platform): Terminal | undefined {
  const [from, to] = platform === "win32" ? ["\\\\.\\CONIN$", "\\\\.\\CONOUT$"] : ["/dev/tty", "/dev/tty"];
  let reading: number | undefined;
  try {
    reading = openSync(from, "r");
    const input = new ReadStream(reading);
    const output = new WriteStream(openSync(to, "w"));
    return {
      input,
      output,
      close: () => {
        input.destroy();
        output.destroy();
      },
    };
  } catch {
    if (reading !== undefined) closeQuietly(reading);
    return undefined;
  }
}

/** The line that the user typed; undefined if there is no terminal, at its end of file, or when `answered` fires. */
export async function ask(
  platform: NodeJS.Platform,
  question: string,
  answered?: AbortSignal,
): Promise<string | undefined> {
  const terminal = openTerminal(platform);
  if (!terminal) return undefined;
  try {
    return await line(terminal, question, answered);
  } finally {
    terminal.close();
  }
}

function line({ input, output }: Terminal, question: string, answered?: AbortSignal): Promise<string | undefined> {
  return new Promise((resolve) => {
    // The terminal itself handles line editing and Ctrl-C; readline only collects the characters.
    const lines = createInterface({ input, terminal: false });
    const end = (text?: string): void => {
      answered?.removeEventListener("abort", withdraw);
      resolve(text);
      lines.close();
    };
    const withdraw = (): void => void output.write("(another xrole has obtained it)\n", () => end());
    answered?.addEventListener("abort", withdraw);
    output.write(question);
    lines.once("line", end);
    lines.once("close", () => end());
    // The terminal was closed.
    input.once("error", () => end());
    output.once("error", () => end());
  });
}

function closeQuietly(file: number): void {
  try {
    closeSync(file);
  } catch {
    // It was closed already.
  }
}
