"""Runs a command without input, and prints what it prints but for blank lines: the last line is what an evaluation says,
whatever blank ones follow. Ends as the command ends.

    lines.py COMMAND...
"""

import signal
import subprocess
import sys

NOT_FOUND = 127
OF_SIGNAL = 128


def run(command):
    # The command has the signal, too, and says what it still has to say
    signal.signal(signal.SIGTERM, lambda *_: None)
    try:
        process = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
        )
    except OSError as e:
        print(f"{command[0]}: {e.strerror}")
        return NOT_FOUND
    with process:
        for line in process.stdout:
            if line.strip():
                sys.stdout.buffer.write(line)
                sys.stdout.buffer.flush()
    return process.returncode if process.returncode >= 0 else OF_SIGNAL - process.returncode


if __name__ == "__main__":
    sys.exit(run(sys.argv[1:]))
