"""The command ``motcua``: thin; every subcommand calls one public function of a package below.

Exit codes: 0 the command ran (whatever the outcome of a check), 1 a scenario failed or ``lint`` found an
error, 2 bad input: every problem is printed on standard error with its place.
"""

from motcua.commands.main import main

__all__ = ["main"]
