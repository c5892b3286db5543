"""A JVM that lives as long as this process, and the one of a PySpark session."""

import atexit
import os
import subprocess
import threading
from typing import IO, Any

from py4j.java_gateway import GatewayParameters, JavaClass, JavaGateway, find_jar_path

from stockpot.errors import StockpotError
from stockpot.home import jar, launcher, session_types

_lock = threading.Lock()
_own: tuple[int, subprocess.Popen[bytes], JavaGateway] | None = None


def classes(session: Any = None) -> Any:
    """The package `dev.stockpot.merge.run`, of a session's JVM or of ours."""
    return (_own_jvm() if session is None else _jvm_of(session)).dev.stockpot.merge.run


def _jvm_of(session: Any) -> Any:
    # PySpark's own name for it; a session of Spark Connect refuses to have one
    if getattr(session, "_jsparkSession", None) is None:
        what = f"{type(session).__module__}.{type(session).__name__}"
        message = (
            f"session is a {what}, not a SparkSession of PySpark classic. Spark Connect has no JVM on this side, by "
            "which a merge is called, and its server takes no jar's own calls: leave session away to merge in a JVM of "
            "this machine, or send spark-submit to the cluster"
        )
        raise StockpotError(message, "INSTALLATION")
    jvm = session._jvm
    if not isinstance(jvm.dev.stockpot.merge.run.Stockpot, JavaClass):
        message = (
            "The session has not got Stockpot's jar. Start it with "
            f'SparkSession.builder.config("spark.jars", stockpot.jar()): {_jar_or_where()}'
        )
        raise StockpotError(message, "INSTALLATION")
    return jvm


def _jar_or_where() -> str:
    try:
        return jar()
    except StockpotError as missing:
        return str(missing)


def _own_jvm() -> Any:
    """Started once, and again by a process that was forked since, or where it died."""
    global _own
    with _lock:
        if _own is None or _own[0] != os.getpid() or _own[1].poll() is not None:
            _own = (os.getpid(), *_start())
        return _own[2].jvm


def _start() -> tuple[subprocess.Popen[bytes], JavaGateway]:
    """Starts the launcher with py4j's server in place of the command line, as PySpark starts its JVM."""
    library = find_jar_path()
    if not library:
        raise StockpotError(
            "py4j has lost its jar. Install it again: pip install --force-reinstall py4j", "INSTALLATION"
        )
    environment = dict(os.environ)
    environment["STOCKPOT_MAIN"] = "py4j.GatewayServer"
    program = launcher()
    jars = [environment.get("STOCKPOT_JARS"), library, *session_types()]
    environment["STOCKPOT_JARS"] = os.pathsep.join(filter(None, jars))
    # of a session of its own: Ctrl-C is for Python, which tells the merge to stop
    process = subprocess.Popen(
        [str(program), "--die-on-broken-pipe", "--enable-auth", "0"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env=environment,
        start_new_session=True,
    )
    atexit.register(_end, process)
    if process.stdout is None:
        raise StockpotError(f"{program} has no output", "INSTALLATION")
    port, secret = process.stdout.readline(), process.stdout.readline()
    if not port.strip().isdigit():
        _end(process)
        message = f"{program} ended with code {process.wait()} before it was ready; standard error has what it said"
        raise StockpotError(message, "INSTALLATION")
    threading.Thread(target=_drain, args=(process.stdout,), daemon=True).start()
    gateway = JavaGateway(
        gateway_parameters=GatewayParameters(port=int(port), auth_token=secret.decode().strip(), auto_convert=True)
    )
    atexit.register(gateway.shutdown)  # before: objects that go later tell no JVM that is gone
    return process, gateway


def _drain(output: IO[bytes]) -> None:
    for _ in output:
        pass


def _end(process: subprocess.Popen[bytes]) -> None:
    """Its standard input ends, on which it ends by itself."""
    if process.stdin is not None and process.poll() is None:
        process.stdin.close()
        try:
            process.wait(timeout=30)
        except subprocess.TimeoutExpired:
            process.terminate()
