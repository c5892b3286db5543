"""Airflow's command line many times, importing Airflow once: each call is a fork. Started by test_nightly_soup.py; reads
calls from standard input, a line of JSON each, and answers each with a line, its exit code.

    {"arguments": ["dags", "list"], "environment": {"NAME": "value"}, "output": "/where/it/goes"}
"""

import json
import os
import sys
import traceback

# what Airflow says while it is imported is no answer
answers = os.fdopen(os.dup(1), "w")
os.dup2(2, 1)

from airflow.__main__ import main
from airflow.cli.commands import dag_command, db_command  # noqa: F401 what takes longest to import
from airflow.sdk import dag  # noqa: F401


def call(arguments, environment, output):
    """In the fork: as if it had been started with these words."""
    os.environ.update(environment)
    descriptor = os.open(output, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
    for standard in (1, 2):
        os.dup2(descriptor, standard)
    sys.argv = ["airflow", *arguments]
    try:
        main()
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else int(end.code is not None)
    except BaseException:
        traceback.print_exc()
        return 1
    return 0


for line in sys.stdin:
    fork = os.fork()
    if fork == 0:
        os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
        code = 1
        try:
            code = call(**json.loads(line))
            sys.stdout.flush()
            sys.stderr.flush()
        finally:
            os._exit(code)
    print(os.waitstatus_to_exitcode(os.waitpid(fork, 0)[1]), file=answers, flush=True)
