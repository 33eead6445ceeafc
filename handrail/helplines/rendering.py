"""Says the help lines in plain sentences. The sentences themselves stand in `words.yml`."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from handrail.helplines.lines import CountryLines
from handrail.helplines.numbers import dialled
from handrail.helplines.records import Emergency, HelpLineWords, Kind, Line, Text


def emergency_number_words(lines: CountryLines) -> str:
    """Return what to call in danger, to fit after "call": "911", "999 or 112", "your local emergency number"."""
    if lines.emergency is None:
        return lines.words.emergency_unknown
    return f" {lines.words.or_} ".join(lines.emergency.numbers)


def crisis_words(lines: CountryLines) -> str:
    """Return one sentence or two that say how to reach the country's crisis line."""
    if lines.first_crisis is None:
        return lines.words.crisis_unknown.format(sites=_sites(lines))
    return _brief(lines.first_crisis, lines.words)


def line_words(lines: CountryLines, *kinds: Kind) -> str:
    """Return how to reach the first line of the first of `kinds` that the country has; else its crisis line."""
    for kind in kinds:
        found = next((line for line in lines.lines if line.kind is kind), None)
        if found:
            return _brief(found, lines.words)
    return crisis_words(lines)


def short_help(lines: CountryLines) -> str:
    """Return the help that stands below each answer: danger, crisis, drugs and alcohol, one line each."""
    words = lines.words
    danger = words.danger.format(numbers=emergency_number_words(lines))
    return "\n".join((danger, words.crisis.format(line=crisis_words(lines)), _drug_alcohol_words(lines)))


def all_lines(lines: CountryLines) -> str:
    """Return every line with hours, cost, whom it serves and what it is not, under a title for each kind."""
    words = lines.words
    title = words.list_title if lines.country else words.list_title_unknown
    parts = [title.format(country=lines.name), _emergency_entry(lines)]
    for kind in Kind:
        entries = [f"- {_entry(line, words)}" for line in lines.lines if line.kind is kind]
        if entries:
            parts.append("\n".join((words.kinds[kind], *entries)))
    if lines.missing:
        parts.append("\n".join((words.list_missing, *(f"- {_sentence(sentence)}" for sentence in lines.missing))))
    return "\n\n".join(parts)


def widget_data(lines: CountryLines) -> dict[str, Any]:
    """Return what the web page shows and links, ready for JSON: the emergency numbers, then each line in order."""
    words = lines.words
    country = lines.country or ""
    return {
        "country": lines.country,
        "name": lines.name,
        "danger": words.danger.format(numbers=emergency_number_words(lines)),
        "emergency": _emergency_data(lines.emergency, country) if lines.emergency else None,
        "short_help": short_help(lines),
        "lines": [_line_data(line, words, country) for line in lines.lines],
        "missing": [_sentence(sentence) for sentence in lines.missing],
    }


def site_words(address: str) -> str:
    """Return a web address as people say it: without the scheme, "www." and a slash at the end."""
    return address.split("://", 1)[-1].removeprefix("www.").rstrip("/")


def _drug_alcohol_words(lines: CountryLines) -> str:
    words = lines.words
    if lines.country is None:
        return words.country_unknown
    if lines.first_drug_alcohol is None:
        return words.drug_alcohol_unknown.format(country=lines.name)
    return words.drug_alcohol.format(line=_brief(lines.first_drug_alcohol, words))


def _brief(line: Line, words: HelpLineWords) -> str:
    reach = _reach(line, words)
    name = f"{line.name} ({line.region})" if line.region else line.name
    law_enforcement = words.list_law_enforcement if line.run_by_law_enforcement else None
    return _spaced((words.line.format(name=name, reach=reach), _cost_and_hours(line), law_enforcement))


def _reach(line: Line, words: HelpLineWords) -> str:
    if line.call and line.text and line.text.to == line.call and not line.text.keyword:
        return words.call_or_text.format(number=line.call)
    ways: list[str] = []
    if line.call:
        call = words.call.format(number=line.call)
        ways.append(f"{call}, {line.after_call}" if line.after_call else call)
    if line.text:
        ways.append(_text_words(line.text, words))
    if not ways:
        ways.append(words.visit.format(site=site_words(str(line.chat or line.web))))
    return f", {words.or_} ".join(ways)


def _text_words(text: Text, words: HelpLineWords) -> str:
    if text.keyword:
        return words.text_keyword.format(keyword=text.keyword, number=text.to)
    return words.text.format(number=text.to)


def _cost_and_hours(line: Line) -> str | None:
    known = [fact for fact in (line.cost, line.hours) if fact]
    return _sentence(", ".join(known)) if known else None


def _entry(line: Line, words: HelpLineWords) -> str:
    name = f"{line.name} ({line.region})" if line.region else line.name
    return _spaced(
        (
            words.line.format(name=name, reach=_reach(line, words)),
            words.list_tty.format(number=line.tty) if line.tty else None,
            words.list_chat.format(site=site_words(str(line.chat))) if line.chat and (line.call or line.text) else None,
            _sentence(line.serves),
            _sentence(line.not_for) if line.not_for else None,
            _sentence(line.cost) if line.cost else None,
            _hours_words(line, words),
            words.list_languages.format(languages=_joined(line.languages, words.and_)) if line.languages else None,
            words.list_interpreters if line.interpreters else None,
            words.list_law_enforcement if line.run_by_law_enforcement else None,
        )
    )


def _hours_words(line: Line, words: HelpLineWords) -> str | None:
    if line.hours:
        return words.list_hours.format(hours=line.hours)
    if not (line.call or line.text):
        return None
    if line.web:
        return words.list_hours_unknown_site.format(site=site_words(str(line.web)))
    return words.list_hours_unknown


def _emergency_entry(lines: CountryLines) -> str:
    words = lines.words
    if lines.emergency is None:
        return words.list_emergency_unknown.format(numbers=emergency_number_words(lines))
    entry = words.list_emergency.format(numbers=emergency_number_words(lines), what_for=lines.emergency.what_for)
    return _spaced((entry, lines.emergency.text_note))


def _emergency_data(emergency: Emergency, country: str) -> dict[str, Any]:
    return {
        "numbers": [_number_data(number, "tel", country) for number in emergency.numbers],
        "what_for": emergency.what_for,
        "text": _number_data(emergency.text.to, "sms", country) if emergency.text else None,
        "text_note": emergency.text_note,
    }


def _line_data(line: Line, words: HelpLineWords, country: str) -> dict[str, Any]:
    text = None
    if line.text:
        text = _number_data(line.text.to, "sms", country)
        text.update(keyword=line.text.keyword, words=_sentence(_text_words(line.text, words)))
    return {
        "id": line.id,
        "kind": line.kind.value,
        "title": words.kinds[line.kind],
        "name": line.name,
        "region": line.region,
        "call": _number_data(line.call, "tel", country) if line.call else None,
        "after_call": line.after_call,
        "text": text,
        "tty": _number_data(line.tty, "tel", country) if line.tty else None,
        "chat": str(line.chat) if line.chat else None,
        "web": str(line.web) if line.web else None,
        "hours": _hours_words(line, words),
        "cost": _sentence(line.cost) if line.cost else None,
        "languages": list(line.languages),
        "serves": _sentence(line.serves),
        "not_for": _sentence(line.not_for) if line.not_for else None,
        "run_by_law_enforcement": line.run_by_law_enforcement,
    }


def _number_data(number: str, scheme: str, country: str) -> dict[str, Any]:
    return {"display": number, "href": f"{scheme}:{dialled(number, country)}"}


def _sites(lines: CountryLines) -> str:
    sites = [site_words(str(line.web or line.chat)) for line in lines.lines]
    return _joined(sites, lines.words.or_)


def _joined(items: Iterable[str], conjunction: str) -> str:
    *head, last = items
    return f"{', '.join(head)} {conjunction} {last}" if head else last


def _spaced(parts: Iterable[str | None]) -> str:
    return " ".join(part for part in parts if part)


def _sentence(text: str) -> str:
    text = text[:1].upper() + text[1:]
    return text if text.endswith((".", "?")) else f"{text}."
