"""Sealing, search terms, digests and authentication codes, all from one master key.

Commercial cryptography of the People's Republic: SM4 in GCM mode (GB/T 32907, 17964) seals, SM3
(GB/T 32905) digests, HMAC-SM3 indexes and authenticates. AES-256-GCM stands in where the linked
OpenSSL has no SM4. Every class of records has a key of its own, derived by HKDF (RFC 5869), and
what is sealed for one row does not open in another. The software is not a certified module; a
certified one replaces this class.
"""

from __future__ import annotations

import hmac as compare
import os
from collections.abc import Sequence
from functools import cached_property, lru_cache
from typing import Any

import orjson
from cryptography.exceptions import InvalidTag, UnsupportedAlgorithm
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.hashes import SM3, Hash
from cryptography.hazmat.primitives.hmac import HMAC
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from engine.errors import LiandongError, Refusal

_NONCE = 12
_TAG = 16
_KEY_ID = 4
_HEADER = 1 + _KEY_ID + _NONCE
_CIPHERS: dict[int, tuple[Any, int]] = {1: (algorithms.SM4, 16), 2: (algorithms.AES, 32)}


class BrokenSeal(LiandongError):
    """Sealed bytes were altered, moved to another row, or sealed with a key we do not hold."""


def sm3(content: bytes) -> str:
    """SM3 digest of `content`, 64 hexadecimal digits."""
    digest = Hash(SM3())
    digest.update(content)
    return digest.finalize().hex()


class CryptoProvider:
    """Holds the master keys, newest first: the first seals, all of them open."""

    def __init__(self, keys: Sequence[bytes]) -> None:
        if not keys or any(len(key) < 16 for key in keys):
            raise Refusal("key.malformed", source="CryptoProvider", expected="16 bytes or more")
        self._keys = [_KeySet(key) for key in keys]
        self._by_id = {key_set.id: key_set for key_set in self._keys}

    @property
    def fingerprints(self) -> list[str]:
        """Names of the keys, newest first; they give nothing away."""
        return [key_set.id.hex() for key_set in self._keys]

    def seal(self, plain: bytes, purpose: str, bound_to: str = "") -> bytes:
        """Encrypt under the key of the record class `purpose`.

        `bound_to`: the row (its id) the bytes belong to; they open for no other. Layout: cipher
        number (1), key id (4), nonce (12), ciphertext, tag (16).
        """
        number = _preferred_cipher()
        header = bytes([number]) + self._keys[0].id + os.urandom(_NONCE)
        cipher = self._keys[0].cipher(number, purpose, header[-_NONCE:])
        encryptor = cipher.encryptor()
        encryptor.authenticate_additional_data(_bound(header, purpose, bound_to))
        return header + encryptor.update(plain) + encryptor.finalize() + encryptor.tag

    def open(self, sealed: bytes, purpose: str, bound_to: str = "") -> bytes:
        """The bytes that were sealed for the same purpose and row. Raises `BrokenSeal`."""
        header, body, tag = sealed[:_HEADER], sealed[_HEADER:-_TAG], sealed[-_TAG:]
        key_set = self._by_id.get(header[1 : 1 + _KEY_ID])
        if len(sealed) < _HEADER + _TAG or key_set is None or header[0] not in _CIPHERS:
            raise BrokenSeal("crypto.unknown_key", purpose=purpose)
        decryptor = key_set.cipher(header[0], purpose, header[-_NONCE:], tag).decryptor()
        decryptor.authenticate_additional_data(_bound(header, purpose, bound_to))
        try:
            return decryptor.update(body) + decryptor.finalize()
        except InvalidTag:
            raise BrokenSeal("crypto.broken_seal", purpose=purpose) from None

    def seal_text(self, text: str, purpose: str, bound_to: str = "") -> bytes:
        """`seal` for a name, a phone number, a file's name."""
        return self.seal(text.encode(), purpose, bound_to)

    def open_text(self, sealed: bytes, purpose: str, bound_to: str = "") -> str:
        """What `seal_text` sealed. Raises `BrokenSeal`."""
        return self.open(sealed, purpose, bound_to).decode()

    def seal_json(self, value: Any, purpose: str, bound_to: str = "") -> bytes:
        """`seal` for anything JSON can hold."""
        return self.seal(orjson.dumps(value), purpose, bound_to)

    def open_json(self, sealed: bytes, purpose: str, bound_to: str = "") -> Any:
        """What `seal_json` sealed. Raises `BrokenSeal`."""
        return orjson.loads(self.open(sealed, purpose, bound_to))

    def term(self, field: str, value: str) -> str:
        """The search term to store for a normalised value: HMAC-SM3, 64 hexadecimal digits."""
        return self._keys[0].code("index", _pair(field, value))

    def terms(self, field: str, value: str) -> list[str]:
        """The terms to search by: one for every key that rows may have been indexed with."""
        return [key_set.code("index", _pair(field, value)) for key_set in self._keys]

    def code(self, purpose: str, message: bytes) -> str:
        """Authentication code of `message`, 64 hexadecimal digits; `purpose` as in `seal`."""
        return self._keys[0].code(purpose, message)

    def is_code(self, purpose: str, message: bytes, code: str) -> bool:
        """Whether `code` was made for `message` with any of the keys."""
        return any(
            compare.compare_digest(key_set.code(purpose, message), code) for key_set in self._keys
        )


class _KeySet:
    """One master key and what is derived from it; the master key itself encrypts nothing."""

    def __init__(self, master: bytes) -> None:
        self._master = master
        self._codes: dict[str, HMAC] = {}
        self._sealing: dict[tuple[int, str], bytes] = {}

    @cached_property
    def id(self) -> bytes:
        return self._derive("id", _KEY_ID)

    def cipher(
        self, number: int, purpose: str, nonce: bytes, tag: bytes | None = None
    ) -> Cipher[modes.GCM]:
        algorithm, length = _CIPHERS[number]
        key = self._sealing.get((number, purpose))
        if key is None:
            key = self._sealing[number, purpose] = self._derive(f"seal/{number}/{purpose}", length)
        return Cipher(algorithm(key), modes.GCM(nonce, tag))

    def code(self, purpose: str, message: bytes) -> str:
        if purpose not in self._codes:
            self._codes[purpose] = HMAC(self._derive(f"code/{purpose}", 32), SM3())
        code = self._codes[purpose].copy()
        code.update(message)
        return code.finalize().hex()

    def _derive(self, info: str, length: int) -> bytes:
        return HKDF(SM3(), length, salt=None, info=f"liandong/{info}".encode()).derive(self._master)


@lru_cache(maxsize=1)
def _preferred_cipher() -> int:
    try:
        Cipher(algorithms.SM4(bytes(16)), modes.GCM(bytes(_NONCE))).encryptor()
    except UnsupportedAlgorithm:
        return 2
    return 1


def _bound(header: bytes, purpose: str, bound_to: str) -> bytes:
    return header + _pair(purpose, bound_to)


def _pair(first: str, second: str) -> bytes:
    """Two texts that cannot be taken for two others joined."""
    return first.encode() + b"\0" + second.encode()
