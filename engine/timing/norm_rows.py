"""The rows of norm data as values, read and checked one by one."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, time, timedelta

from engine.timing.citations import Citation, CitationVersion, article_en, article_zh
from engine.timing.fields import Fields
from engine.timing.rules import RULES, Switches

KINDS = ("statutory", "advisory", "measured")
ORIGINS = ("document", "national", "word")
AT_DUE = (
    "overdue", "decide", "release", "not_held", "lapse", "open_gate", "unblock", "inform",
)  # fmt: skip
_PERIOD_FIELDS = (
    "id", "zh", "en", "rule", "amount", "unit", "roll", "start", "kind", "origin", "word",
    "profiles", "clauses", "citations", "counting", "valid_from", "valid_to", "at_due", "ladder",
    "most", "until", "written_days", "between_agencies", "extends_to", "hint_when_extended",
    "advisory",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Document:
    """One of the documents that the norm data quote."""

    id: str
    title: str
    short: str
    en: str
    profile: str
    valid_from: date | None
    valid_to: date | None


@dataclass(frozen=True, slots=True)
class Clause:
    """A paragraph of a document, word for word."""

    id: str
    document: Document
    place: str
    text: str

    @property
    def citation(self) -> Citation:
        zh, en = f"{self.document.short} {self.place}", f"{self.document.en} {self.place}"
        return Citation(self.id, zh, en, f"{self.document.title} {self.place}", "T")


@dataclass(frozen=True, slots=True)
class Obligation:
    """One row of the catalogue: who does what, and the words that say so."""

    id: str
    clause: Clause
    kind: str
    actor: tuple[str, ...]
    object: str | None
    when: str | None
    act: str
    timer: str | None
    procedures: tuple[str, ...]
    quote: str


@dataclass(frozen=True, slots=True)
class Advisory:
    """A 参考值 for a measured period: never a limit, never overdue."""

    elapsed: timedelta | None
    working_days: int | None
    profiles: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class StatutoryPeriod:
    """A row of `periods.yaml`. `amount` is None for cycles and measured periods; `most` is the
    largest amount that may be chosen; `until` names the field that holds an end date of its own.
    """

    id: str
    zh: str
    en: str
    rule: str
    amount: int | None
    most: int | None
    start: str
    start_zh: str
    start_en: str
    kind: str
    origin: str
    profiles: tuple[str, ...]
    clauses: tuple[str, ...]
    citations: tuple[str, ...]
    counting: tuple[str, ...]
    valid_from: date | None
    valid_to: date | None
    at_due: str | None
    ladder: str | None
    until: str | None
    written_rule: str | None
    written_most: int | None
    between_agencies: bool
    extends_to: str | None
    hint_when_extended: str | None
    advisory: Advisory | None

    def in_force(self, on: date) -> bool:
        """From `valid_from`, that day included, to `valid_to`, that day excluded."""
        begun = self.valid_from is None or self.valid_from <= on
        return begun and (self.valid_to is None or on < self.valid_to)

    def fact(self, lang: str) -> str:
        """The word for the start of the count."""
        return self.start_zh if lang == "zh" else self.start_en


@dataclass(frozen=True, slots=True)
class Profile:
    """A norm profile: whose rules a request follows, and how it counts."""

    id: str
    zh: str
    en: str
    document: str
    version: int
    valid_from: date | None
    valid_to: date | None
    court_code: str
    switches: Switches
    items: Mapping[str, tuple[str, ...]]
    disabled_procedures: tuple[str, ...]


def read_document(fields: Fields, profiles: Collection[str]) -> Document:
    fields.only("id", "title", "number", "short", "en", "profile", "valid_from", "valid_to")
    return Document(
        fields.row,
        fields.text("title"),
        fields.text("short"),
        fields.text("en"),
        fields.one_of("profile", profiles),
        fields.day_or_none("valid_from"),
        fields.day_or_none("valid_to"),
    )


def read_clause(fields: Fields, documents: Mapping[str, Document]) -> Clause:
    fields.only("id", "document", "place", "text")
    document = documents[fields.one_of("document", documents)]
    return Clause(fields.row, document, fields.text("place"), fields.text("text"))


def read_obligation(
    fields: Fields, clauses: Mapping[str, Clause], timers: Collection[str]
) -> Obligation:
    fields.only(
        "id", "clause", "kind", "actor", "object", "when", "act", "limit", "procedures", "quote"
    )
    clause = clauses[fields.one_of("clause", clauses)]
    quote, limit = fields.text("quote"), fields.part_or_none("limit")
    if _without_space(quote) not in _without_space(clause.text):
        raise fields.refuse("quote", f"words of {clause.id}", quote)
    return Obligation(
        fields.row,
        clause,
        fields.text("kind"),
        fields.names("actor"),
        fields.text_or_none("object"),
        fields.text_or_none("when"),
        fields.text("act"),
        limit.one_of("timer", timers) if limit else None,
        fields.names("procedures"),
        quote,
    )


def read_period(
    fields: Fields, facts: Mapping[str, tuple[str, str]], ladders: Collection[str]
) -> StatutoryPeriod:
    fields.only(*_PERIOD_FIELDS)
    rule = RULES[fields.one_of("rule", RULES)]
    if fields.flag("roll") is not rule.rolls:
        raise fields.refuse("roll", str(rule.rolls).lower(), fields.data.get("roll"))
    fact = fields.one_of("start", facts)
    amount = fields.whole("amount", rule.most) if rule.most else None
    if amount is not None:
        fields.one_of("unit", {rule.unit})
    written = fields.part_or_none("written_days")
    advisory = fields.part_or_none("advisory")
    profiles = fields.names("profiles")
    return StatutoryPeriod(
        id=fields.row,
        zh=fields.text("zh"),
        en=fields.text("en"),
        rule=rule.id,
        amount=amount,
        most=fields.whole_or_none("most", rule.most) or amount,
        start=fact,
        start_zh=facts[fact][0],
        start_en=facts[fact][1],
        kind=fields.one_of("kind", KINDS),
        origin=fields.one_of("origin", ORIGINS),
        profiles=profiles,
        clauses=fields.names("clauses"),
        citations=fields.names("citations"),
        counting=fields.names("counting"),
        valid_from=fields.day_or_none("valid_from"),
        valid_to=fields.day_or_none("valid_to"),
        at_due=fields.one_of("at_due", AT_DUE) if rule.id != "PR-IMM" else None,
        ladder=fields.one_of_or_none("ladder", ladders),
        until=fields.text_or_none("until"),
        written_rule=written.one_of("rule", RULES) if written else None,
        written_most=written.whole("most", 365) if written else None,
        between_agencies=fields.flag("between_agencies"),
        extends_to=fields.text_or_none("extends_to"),
        hint_when_extended=fields.text_or_none("hint_when_extended"),
        advisory=_advisory(advisory, profiles) if advisory else None,
    )


def _advisory(fields: Fields, profiles: tuple[str, ...]) -> Advisory:
    fields.only("minutes", "working_days", "profiles")
    minutes = fields.whole_or_none("minutes", 10080)
    working_days = fields.whole_or_none("working_days", 30)
    if (minutes is None) is (working_days is None):
        raise fields.refuse("advisory", "minutes | working_days", dict(fields.data))
    elapsed = timedelta(minutes=minutes) if minutes else None
    return Advisory(elapsed, working_days, fields.names("profiles", profiles) or profiles)


def read_profile(fields: Fields) -> Profile:
    fields.only(
        "id", "zh", "en", "document", "version", "valid_from", "valid_to", "territory", "switches",
        "items", "disabled_procedures",
    )  # fmt: skip
    items = fields.part("items")
    return Profile(
        fields.row,
        fields.text("zh"),
        fields.text("en"),
        fields.text("document"),
        fields.whole("version", 10_000),
        fields.day_or_none("valid_from"),
        fields.day_or_none("valid_to"),
        fields.part("territory").text("court_code"),
        _switches(fields.part("switches")),
        {name: items.part(name).names("periods") for name in items.data},
        fields.names("disabled_procedures"),
    )


def _switches(fields: Fields) -> Switches:
    fields.only("end_of_day", "hour_start")
    close: time | None = None
    if fields.text("end_of_day") != "24h":
        close = fields.time_of_day("end_of_day")
    return Switches(close, fields.one_of("hour_start", {"moment", "next_hour"}) == "next_hour")


@dataclass(frozen=True, slots=True)
class Law:
    """A law by its short name, its title for letters, and its English name."""

    zh: str
    title: str
    en: str


def read_law(fields: Fields) -> Law:
    fields.only("zh", "title", "en")
    return Law(fields.text("zh"), fields.text("title"), fields.text("en"))


def read_citation(fields: Fields, laws: Mapping[str, Law]) -> list[CitationVersion]:
    """The versions of one subject, oldest first."""
    fields.only("id", "subject", "law", "confidence", "versions")
    law = laws[fields.one_of("law", laws)]
    confidence = fields.one_of("confidence", {"V", "S", "M", "T"})
    versions = [_version(part, law, confidence, fields.row) for part in fields.parts("versions")]
    begins = [version.valid_from or date.min for version in versions]
    if not versions or begins != sorted(set(begins)):
        raise fields.refuse("versions", "from, oldest first", begins)
    return versions


def _version(fields: Fields, law: Law, confidence: str, id_: str) -> CitationVersion:
    fields.only("from", "article", "articles")
    numbers = _articles(fields)
    zh = "至".join(article_zh(number) for number in numbers)
    en = article_en(numbers) if numbers else ""
    citation = Citation(id_, law.zh + zh, law.en + en, law.title + zh, confidence)
    return CitationVersion(fields.day_or_none("from"), citation)


def _articles(fields: Fields) -> list[int]:
    """One article, the first and last of several, or none."""
    single = fields.whole_or_none("article", 9999)
    found = fields.data.get("articles", [single] if single else [])
    if not isinstance(found, list) or len(found) > 2:
        raise fields.refuse("articles", "[156, 159]", found)
    ends = [Fields(fields.file, fields.row, {"articles": number}) for number in found]
    return [end.whole("articles", 9999) for end in ends]


def _without_space(text: str) -> str:
    return "".join(text.split())
