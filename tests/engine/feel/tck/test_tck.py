"""The compatibility kit, one test for each of its cases."""

import os

import pytest

from tests.engine.feel.tck.kit import VARIABLE, kit_root, questions
from tests.engine.feel.tck.referee import judge

ROOT = kit_root()
QUESTIONS = list(questions(ROOT)) if ROOT is not None and ROOT.is_dir() else []


if QUESTIONS:

    @pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: question.title)
    def test_the_answer_is_the_one_the_kit_expects(question):
        verdict = judge(question)
        assert verdict.passed, verdict.reason

else:

    def test_without_the_kit_its_absence_is_said_aloud():
        named = os.environ.get(VARIABLE)
        found = f"{VARIABLE}={named} holds no test cases" if named else f"{VARIABLE} is not set"
        pytest.skip(f"the DMN compatibility kit is not run: {found}")
