"""The command line: `statistics …`, `evaluate …`, `predictions …`, `batch-norm …`, `gates …` and `prompt-ids …`."""

import argparse
import os
import sys

from stockpot_tools.errors import Refused


def main(words: list[str] | None = None) -> int:
    """Runs a command. 0: done, 1: refused or failed, with a sentence on stderr, 2: not understood."""
    for name, value in {"TRANSFORMERS_VERBOSITY": "error", "HF_HUB_DISABLE_PROGRESS_BARS": "1"}.items():
        os.environ.setdefault(name, value)
    try:
        given = _parser().parse_args(words)
    except ModuleNotFoundError as missing:
        print(f"stockpot-tools: {missing.name} is not installed: pip install 'stockpot[tools]'", file=sys.stderr)
        return 1
    try:
        given.run(given)
    except Refused as refused:
        print(f"stockpot-tools: {refused}", file=sys.stderr)
        return 1
    except (RuntimeError, LookupError, ValueError, OSError, MemoryError) as error:
        if os.environ.get("STOCKPOT_TRACE"):
            raise
        message = (str(error).strip() or type(error).__name__).splitlines()[0]
        print(f"stockpot-tools: {type(error).__name__}: {message} (STOCKPOT_TRACE=1 shows where)", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("stockpot-tools: stopped", file=sys.stderr)
        return 130
    return 0


def _parser() -> argparse.ArgumentParser:
    # here, as PyTorch reads the environment
    from stockpot_tools import batch_norms, mixtures, predictions
    from stockpot_tools.evaluate import command as evaluate
    from stockpot_tools.statistics import command as statistics

    parser = argparse.ArgumentParser(prog="stockpot-tools", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    statistics.arguments(commands.add_parser("statistics", help="statistics that merge methods read beside models"))
    evaluate.arguments(commands.add_parser("evaluate", help="what a model is worth, for soups and searches"))
    predictions.arguments(commands.add_parser("predictions", help="what a model says of examples, as a table"))
    batch_norms.arguments(commands.add_parser("batch-norm", help="moments of batch norms, measured anew"))
    mixtures.gate_arguments(commands.add_parser("gates", help="states that routers of a mixture are made of"))
    mixtures.token_arguments(commands.add_parser("prompt-ids", help="tokens of a mixture's prompts"))
    return parser
