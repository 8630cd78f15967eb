"""`python -m tests.engine.feel.tck.report`: figures by folder, the reason for each miss.

Reads the kit named by DMN_TCK. Exit code 0 when nothing misses, 1 when something does,
2 when there is no kit.
"""

from __future__ import annotations

import sys
from collections import defaultdict

from tests.engine.feel.tck.kit import VARIABLE, Question, kit_root, questions
from tests.engine.feel.tck.referee import Verdict, judge

Judged = tuple[Question, Verdict]


def main() -> int:
    root = kit_root()
    if root is None or not root.is_dir():
        print(f"no kit: set {VARIABLE} to the folder of the DMN TCK")
        return 2
    judged = [(question, judge(question)) for question in questions(root)]
    _print_figures(judged)
    missed = [one for one in judged if not one[1].passed]
    for question, verdict in missed:
        print(f"MISS {question.title}: {verdict.reason}")
    return 1 if missed else 0


def _print_figures(judged: list[Judged]) -> None:
    folders: dict[tuple[str, str], list[Judged]] = defaultdict(list)
    for one in judged:
        folders[one[0].level, ""].append(one)
        folders[one[0].level, one[0].folder].append(one)
    for (level, folder), found in sorted(folders.items()):
        passed = sum(verdict.passed for _, verdict in found)
        print(f"{passed:4} of {len(found):4}  {level}{'/' + folder if folder else ''}")


if __name__ == "__main__":
    sys.exit(main())
