"""Prints what Twilio should answer to STOP, HELP and START, to paste: `python -m handrail.tools.sms_texts GB`."""

from __future__ import annotations

import argparse
from collections.abc import Sequence

from handrail import knowledge
from handrail.channels.twilio_keywords import operator_texts
from handrail.content.sms import in_gsm, segments
from handrail.helplines.country import country_code


def main(arguments: Sequence[str] | None = None) -> None:
    """Print the three texts with the numbers of a country, each under its keyword."""
    parser = argparse.ArgumentParser(prog="python -m handrail.tools.sms_texts", description=__doc__)
    parser.add_argument("country", help="two-letter code of the country whose numbers to show, such as GB")
    country = parser.parse_args(arguments).country
    code = country_code(country)
    lines = knowledge.helplines().countries.get(code or "")
    if lines is None:
        known = ", ".join(sorted(knowledge.helplines().countries))
        parser.error(f"there are no help lines for '{country}'. There are some for {known}")
    for keyword, text in operator_texts(knowledge.channel_words().keywords, lines).items():
        plain = in_gsm(text)
        print(f"{keyword} ({segments(plain)} segments)\n{plain}\n")


if __name__ == "__main__":
    main()
