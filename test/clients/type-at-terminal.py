# Types at a shell on a pseudo-terminal: type-at-terminal.py PROMPT LINES COMMAND... The next of LINES (JSON) is typed when the shell shows its
# PROMPT. Ends with the shell.
import json
import os
import pty
import sys

prompt, lines, command = sys.argv[1].encode(), json.loads(sys.argv[2]), sys.argv[3:]
child, terminal = pty.fork()
if child == 0:
    os.execvp(command[0], command)
shown = b""
seen = 0
while True:
    try:
        chunk = os.read(terminal, 65536)
    except OSError:
        break
    if not chunk:
        break
    # Newer shells ask what kind of terminal this is, and wait for the answer.
    if b"\x1b[c" in chunk or b"\x1b[0c" in chunk:
        os.write(terminal, b"\x1b[?62c")
    shown += chunk
    at = shown.find(prompt, seen)
    if at >= 0 and lines:
        seen = at + len(prompt)
        os.write(terminal, lines.pop(0).encode())
os.waitpid(child, 0)
sys.stdout.buffer.write(shown)
