"""Starts ./stockpot on a terminal of its own and stops it: what is said, left and returned.

usage: stops.py STOCKPOT FOLDER SIGNAL [OPTION…]   FOLDER has recipe.yml; the output is FOLDER/out
"""

import os
import pty
import signal
import sys
import time

command, folder, name, *options = sys.argv[1:]
child, terminal = pty.fork()
if child == 0:
    os.chdir(folder)
    signal.signal(signal.SIGINT, signal.SIG_DFL)  # what starts in the background of a script ignores it
    os.execv(command, [command, "merge", "recipe.yml", "out", *options])

staging = os.path.join(folder, ".out.stockpot", "files")
deadline = time.monotonic() + 120
while not (os.path.isdir(staging) and os.listdir(staging)):
    if time.monotonic() > deadline:
        sys.exit("the merge did not begin to write")
    time.sleep(0.02)
time.sleep(1)
journal = os.path.join(folder, ".out.stockpot", "journal")
entries = 1 + int(os.environ.get("SHARDS", "-1"))  # one for the beginning
while entries > 0 and len([name for name in os.listdir(journal) if name.endswith(".json")]) < entries:
    if time.monotonic() > deadline:
        sys.exit("no shard was finished")
    time.sleep(0.02)
if name == "INT":
    os.write(terminal, b"\x03")  # what the key sends: the terminal makes a signal of it
else:
    os.kill(child, getattr(signal, "SIG" + name))

said = b""
try:
    while chunk := os.read(terminal, 4096):
        said += chunk
except OSError:  # the other side is closed
    pass
_, status = os.waitpid(child, 0)
print(said.decode().replace("\r\n", "\n"), end="")
sys.exit(os.waitstatus_to_exitcode(status))
