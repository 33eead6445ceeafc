"""Runs the Rasa server without the pieces of `handrail/rasa_speed.py`: the baseline of the benchmark."""

from __future__ import annotations

import sys

MARK = "The pieces of handrail/rasa_speed.py are left out."
"""Printed in place of the pieces, so that the benchmark can tell that the baseline is one."""


def leave_out() -> None:
    """Stand in for `rasa_speed.apply`, and change nothing in Rasa."""
    print(MARK, flush=True)


if __name__ == "__main__":
    from handrail import rasa_speed

    rasa_speed.apply = leave_out
    # Only now: Rasa loads the module that would put the pieces in place.
    from handrail.tools.serve import main

    sys.exit(main())
