"""What the engine gets: variables, search terms, files, the time it happened."""

from __future__ import annotations


def test_only_marked_fields_become_variables_under_the_name_they_ask_for(bench, field):
    form = bench(
        field("textfield", "place"),
        field("textfield", "kind", properties={"routing": "true"}),
        field("textfield", "code", properties={"routing": "local_court"}),
        field(
            "group",
            "instrument",
            components=[field("textfield", "kind", properties={"routing": "true"})],
        ),
    )
    values = {"place": "某地", "kind": "A", "code": "豫13", "instrument": {"kind": "B"}}
    assert form.accept(values).routing == {
        "kind": "A",
        "local_court": "豫13",
        "instrument_kind": "B",
    }
    assert form.adapter.variables(form.form) == {"kind", "local_court", "instrument_kind"}


def test_an_unanswered_or_hidden_variable_is_null_so_that_none_is_stale(bench, field):
    form = bench(
        field("textfield", "a", properties={"routing": "true"}),
        field("textfield", "b", properties={"routing": "true", "visible_if": "a != null"}),
    )
    assert form.accept({"b": "x"}).routing == {"a": None, "b": None}


def test_search_terms_are_the_normalised_values_of_every_level(group_bench):
    form = group_bench("FG-PERSON")
    accepted = form.accept(
        {
            "subject_role": "被执行人",
            "name": "某甲",
            "doc_type": "居民身份证",
            "doc_no": "411321 18000101 0005",
            "other_documents": [{"doc_type": "普通护照", "doc_no": "e12345678"}],
        }
    )
    assert accepted.index == [
        ("document_no", "411321180001010005"),
        ("document_no", "E12345678"),
    ]


def test_files_of_every_level_are_listed_once(bench, field):
    rows = field("dynamiclist", "letters", components=[field("filepicker", "file")])
    form = bench(field("filepicker", "photos", multiple=True), rows)
    accepted = form.accept({"photos": ["a", "b"], "letters": [{"file": "b"}, {"file": ["c"]}]})
    assert accepted.files == ["a", "b", "c"]


def test_an_answer_that_was_taken_back_is_null_in_the_case_file(bench, field):
    form = bench(field("textfield", "place"))
    assert form.accept({}).case_file == {"night_report.place": None}


def test_a_field_may_have_any_name_even_one_of_ours(bench, field):
    names = ["data", "errors", "validate", "process", "meta", "prefix", "formdata", "obj", "form"]
    fields = [field("textfield", name) for name in names]
    form = bench(*fields, field("group", "inner", components=fields))
    values = dict.fromkeys(names, "x")
    assert form.accept({**values, "inner": values}).values == {**values, "inner": values}


def test_the_page_hands_over_what_was_typed_and_the_engine_reads_the_same(group_bench):
    form = group_bench("FG-ORG")
    typed = [("org_name", " 甲公司 "), ("uscc", "91350100m000100y43")]
    opened = form.open(typed)
    assert opened.validate()
    assert form.accept(opened.entered()).values == opened.validated().values
