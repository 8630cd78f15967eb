"""The letters that the repository ships, and facts to fill them with."""

from datetime import date
from pathlib import Path
from typing import Any

from engine.feel import Function, from_python, to_python
from engine.letters import Letter, read_letter, words
from tests.engine.house import NORMS

FOLDER = Path(__file__).parents[3] / "workflows" / "document_issue" / "letters"
LETTERS = sorted(path.stem for path in FOLDER.glob("*.yaml"))
DAY = date(2026, 11, 20)
NUMBER = "411321180001010005"
PERSON = {"name": "张某某", "doc_no": NUMBER, "doc_type": "居民身份证", "subject_role": "被执行人"}
CASE = {
    "court_name": "南召县人民法院",
    "case_no": "（2026）豫1321执1234号",
    "case_name": "王某某与张某某民间借贷纠纷一案",
}
CONTACT = {
    "contact_1_name": "李某某",
    "contact_1_phone": "13000000001",
    "contact_2_name": "赵某某",
    "contact_2_phone": "13000000002",
}


def letter(name: str) -> Letter:
    return read_letter(f"{name}.yaml", (FOLDER / f"{name}.yaml").read_bytes())


def layout() -> bytes:
    return (FOLDER / "letter.typ").read_bytes()


def word_layout(name: str) -> bytes:
    return (FOLDER / f"{name}.docx").read_bytes()


def names(**given: Any) -> dict[str, Any]:
    """What `engine.documents.facts` would offer on the given day."""
    known = {"case": CASE, "person": PERSON, "contact": CONTACT, "measure": "拘传"}
    known |= {"profile": "nanzhao_2021", "addressee": "南召县公安局", "code": "豫1321"}
    known |= {"year": "2026", "id_word": "身份证号码", "issued_on": DAY, **given}
    values = {name: from_python(value) for name, value in known.items()}
    day = known["issued_on"]
    return {
        **values,
        "cite": Function("cite", ("id",), lambda id: NORMS.cite(id, day).full),
        "due": Function("due", ("timer", "from"), lambda timer, start: None),
        "in_words": Function("in_words", ("day",), lambda d: words.in_words(to_python(d))),
        "written": Function("written", ("value",), lambda v: words.written(to_python(v))),
    }
