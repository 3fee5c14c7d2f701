"""How the parts of a payload are spelled."""

from schema.case.payload import payload_of


def test_names_are_spelled_anew_at_any_depth_and_codes_of_questions_are_not() -> None:
    text = '{"fields": {"lamp_no": 7}, "clocks": [{"first_due": {"next_at": "a_b"}}]}'

    assert payload_of(text) == {
        "fields": {"lamp_no": 7},
        "clocks": [{"firstDue": {"nextAt": "a_b"}}],
    }


def test_rules_about_questions_are_no_answers() -> None:
    assert payload_of('{"fields": [{"most_characters": 9}]}') == {"fields": [{"mostCharacters": 9}]}
