"""Sealing, search terms and codes: for one purpose, one row, one key ring."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.errors import Refusal
from engine.store import crypto as module
from engine.store.crypto import BrokenSeal, CryptoProvider, sm3
from tests.engine.installation import KEY

NEW_KEY = bytes(range(1, 33))
crypto = CryptoProvider([KEY])


def test_sm3_is_the_standard_digest() -> None:
    """GB/T 32905-2016, appendix A.1."""
    assert sm3(b"abc") == "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"


@given(st.binary(max_size=200), st.text(max_size=20), st.text(max_size=20))
def test_what_is_sealed_opens_for_its_purpose_and_row(plain: bytes, use: str, row: str) -> None:
    assert crypto.open(crypto.seal(plain, use, row), use, row) == plain


@given(st.data())
def test_one_changed_bit_breaks_the_seal(data: st.DataObject) -> None:
    sealed = bytearray(crypto.seal(b"411321180001010005", "submission", "s1"))
    bit = data.draw(st.integers(0, len(sealed) * 8 - 1))
    sealed[bit // 8] ^= 1 << bit % 8
    with pytest.raises(BrokenSeal):
        crypto.open(bytes(sealed), "submission", "s1")


@given(st.binary(max_size=60))
def test_bytes_that_were_never_sealed_are_refused(junk: bytes) -> None:
    with pytest.raises(BrokenSeal):
        crypto.open(junk, "submission")


@pytest.mark.parametrize(("use", "row"), [("draft", "s1"), ("submission", "s2")])
def test_sealed_bytes_do_not_open_elsewhere(use: str, row: str) -> None:
    with pytest.raises(BrokenSeal, match=r"crypto\.broken_seal"):
        crypto.open(crypto.seal(b"x", "submission", "s1"), use, row)


def test_the_same_text_is_never_sealed_twice_alike() -> None:
    assert crypto.seal_text("张三", "name") != crypto.seal_text("张三", "name")
    assert crypto.open_text(crypto.seal_text("张三", "name"), "name") == "张三"


def test_json_keeps_its_shape() -> None:
    value = {"姓名": "张三", "rows": [1, None, True, "2026-03-02"]}
    assert crypto.open_json(crypto.seal_json(value, "draft"), "draft") == value


def test_sm4_seals_and_aes_stands_in_where_the_library_has_none(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    sealed = crypto.seal(b"x", "draft")
    monkeypatch.setattr(module, "_preferred_cipher", lambda: 2)
    stand_in = crypto.seal(b"x", "draft")
    assert (sealed[0], stand_in[0]) == (1, 2)
    assert crypto.open(sealed, "draft") == crypto.open(stand_in, "draft") == b"x"


def test_after_rotation_the_old_opens_and_is_found_and_the_new_key_seals() -> None:
    rotated = CryptoProvider([NEW_KEY, KEY])
    assert rotated.open(crypto.seal(b"x", "draft"), "draft") == b"x"
    assert rotated.seal(b"x", "draft")[1:5].hex() == rotated.fingerprints[0]
    assert rotated.terms("id_no", "1") == [rotated.term("id_no", "1"), crypto.term("id_no", "1")]
    assert rotated.is_code("audit", b"row", crypto.code("audit", b"row"))


def test_without_the_key_nothing_opens() -> None:
    with pytest.raises(BrokenSeal, match=r"crypto\.unknown_key"):
        CryptoProvider([NEW_KEY]).open(crypto.seal(b"x", "draft"), "draft")
    assert not CryptoProvider([NEW_KEY]).is_code("audit", b"row", crypto.code("audit", b"row"))


def test_terms_of_different_fields_and_purposes_have_nothing_in_common() -> None:
    codes = {
        crypto.term("id_no", "1"),
        crypto.term("phone", "1"),
        crypto.term("id_no1", ""),
        crypto.code("audit", b"id_no\x001"),
    }
    assert len(codes) == 4


@pytest.mark.parametrize("keys", [[], [b"short"]])
def test_a_key_that_is_none_is_refused(keys: list[bytes]) -> None:
    with pytest.raises(Refusal, match=r"key\.malformed"):
        CryptoProvider(keys)
