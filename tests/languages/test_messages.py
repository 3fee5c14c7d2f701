"""Messages in words, with facts by their labels; nothing of a client's own is taken for ours."""

import time
from uuid import UUID

import pytest

from domain.directory.refusals import CodeTaken
from domain.directory.vocabulary import Thing
from domain.refusal import (
    InvalidInput,
    NotFound,
    NotPermitted,
    Overloaded,
    VersionConflict,
    WrongStage,
)
from domain.wording import required
from schema.languages import Language, message_of, sentence
from schema.languages.catalogue import MOST_MATCHED
from schema.languages.transport import translated

EN, ZH = Language.EN, Language.ZH
WRONG = WrongStage(command="signForCase", stage="IN_PROGRESS", allowed=["DISPATCHED", "CLOSED"])


def test_facts_are_shown_by_their_labels() -> None:
    assert message_of(WRONG, ZH) == "案件处于“办理中”时不能签收案件；须处于：已派单、已结案。"
    assert message_of(WRONG, EN) == (
        "signForCase is not possible while the case is In progress; it needs Dispatched, Closed."
    )
    assert WRONG.facts["stage"] == "IN_PROGRESS"


def test_a_fact_that_is_an_enum_value_needs_no_table() -> None:
    assert message_of(CodeTaken(code="u1", thing=Thing.UNIT), ZH) == "编码 u1 已用于另一单位。"


def test_a_fact_without_a_label_is_shown_as_it_is() -> None:
    assert message_of(NotFound(what="comet"), ZH) == "没有这样的comet，或者您无权查看。"


def test_messages_without_facts() -> None:
    assert message_of(Overloaded(), ZH) == "服务繁忙；未作任何记录，请重试。"
    assert message_of(Overloaded(), EN) == "The service is busy; nothing was recorded, try again."
    assert message_of(NotPermitted(permission="closeCase"), ZH) == "您无权使用“结案”。"


def test_a_version_conflict_says_both_versions() -> None:
    conflict = VersionConflict(UUID(int=1), 3, 5)
    assert message_of(conflict, ZH) == "案件的版本是 5，而不是 3。"


def test_inputs_in_the_words_of_the_rule() -> None:
    with pytest.raises(InvalidInput) as refused:
        required(["title"], " ")
    assert message_of(refused.value, ZH) == "title 不能为空"
    assert message_of(refused.value, EN) == "title must not be blank"


def test_words_that_are_not_ours_are_kept() -> None:
    strange = InvalidInput(["x"], "quite another thing")
    assert message_of(strange, ZH) == "quite another thing"
    library = {"message": "Syntax Error: Expected Name", "extensions": {"code": "SYNTAX_ERROR"}}
    assert translated(library, ZH)["message"] == "查询语法有误：Syntax Error: Expected Name"
    assert translated(library, EN) is library
    unknown = {"message": "Nothing known", "extensions": {"code": "NEW"}}
    assert translated(unknown, ZH) == unknown
    assert translated({"message": "No code"}, ZH) == {"message": "No code"}


def test_braces_of_a_client_are_no_blanks() -> None:
    assert sentence("type {0.__class__} is there twice", ZH) == "类型 {0.__class__} 重复"
    braces = {"message": "Syntax Error: {x}", "extensions": {"code": "SYNTAX_ERROR"}}
    assert translated(braces, ZH)["message"] == "查询语法有误：Syntax Error: {x}"


def test_looking_a_long_sentence_up_takes_no_time() -> None:
    begun = time.process_time()
    for text in (" has ", "a.. is there twice, ", "{} is not within "):
        sentence(text * (MOST_MATCHED // len(text)), ZH)
        assert sentence(text * MOST_MATCHED, ZH) is None
    assert time.process_time() - begun < 2
