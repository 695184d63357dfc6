"""A sealed value opens in its place, unaltered, with its key; everything else is one and the same refusal."""

from __future__ import annotations

import os
import random
import shutil
import subprocess
from dataclasses import replace
from pathlib import Path

import pyrage
import pytest
from hypothesis import given
from hypothesis import strategies as st

from yuanqing.kernel.sealing import envelope, escrow, passphrase, receipt
from yuanqing.kernel.sealing.bech32 import identity_of, scalar_of
from yuanqing.kernel.sealing.envelope import Context, Unopenable
from yuanqing.kernel.sealing.streaming import SealingStream

PLACE = Context("yuanqing.local", "web", "a-record", "content")
SECRET, PUBLIC = envelope.new_identity()
ROOT = Path(__file__).resolve().parents[3]


@given(st.binary(max_size=5000))
def test_what_is_sealed_is_opened_again(content):
    assert envelope.unseal(envelope.seal(content, PLACE, [PUBLIC]), PLACE, SECRET) == content


@pytest.mark.parametrize(("length", "padded"), [(0, 512), (512, 512), (513, 544), (1000, 1024), (1025, 1088), (9, 512)])
def test_lengths_by_hand(length, padded):
    """Padmé of 513: exponent 9, 4 bits of it kept, steps of 2^5: the next multiple of 32 is 544."""
    assert envelope.padded_length(length) == padded


@given(st.integers(min_value=512, max_value=10**9))
def test_padding_costs_at_most_an_eighth(length):
    assert length <= envelope.padded_length(length) <= length * 1.12


def test_contents_of_similar_length_look_the_same():
    # what is encrypted; an age file itself may carry a stanza of chance length that says nothing
    sizes = {len(envelope.wrapped(b"x" * n, PLACE)) for n in range(300)}
    assert len(sizes) == 1


def mutations(sealed: bytes, other: bytes, chance: random.Random):
    """Every kind of damage: flipped bits everywhere, cuts, additions, exchanged halves."""
    for _n in range(9000):
        at = chance.randrange(len(sealed))
        yield sealed[:at] + bytes([sealed[at] ^ 1 << chance.randrange(8)]) + sealed[at + 1 :]
    for _n in range(400):
        yield sealed[: chance.randrange(len(sealed))]
    for _n in range(200):
        yield sealed + os.urandom(chance.randrange(1, 50))
    for _n in range(200):
        at = chance.randrange(64, min(len(sealed), len(other)))  # the first line and the name of the stanza are alike
        yield sealed[:at] + other[at:]


def test_ten_thousand_altered_files_are_refused_alike():
    sealed, other = (envelope.seal(text, PLACE, [PUBLIC]) for text in (b"the facts", b"other facts"))
    said, count = set(), 0
    for altered in mutations(sealed, other, random.Random(5)):
        with pytest.raises(Unopenable) as refused:
            envelope.unseal(altered, PLACE, SECRET)
        said.add(str(refused.value))
        count += 1
    for field in ("deployment", "channel", "record", "field"):
        for n in range(50):
            with pytest.raises(Unopenable):
                envelope.unseal(sealed, replace(PLACE, **{field: f"other {n}"}), SECRET)
            count += 1
    with pytest.raises(Unopenable):
        envelope.unseal(sealed, replace(PLACE, version=2), SECRET)
    assert count >= 10_000
    assert said == {"cannot be opened"}


def test_replaced_keys_are_refused():
    sealed = envelope.seal(b"facts", PLACE, [PUBLIC])
    for _n in range(200):
        with pytest.raises(Unopenable):
            envelope.unseal(sealed, PLACE, envelope.new_identity()[0])
    with pytest.raises(Unopenable):
        envelope.unseal(sealed, PLACE, "AGE-SECRET-KEY-1NONSENSE")


def test_padding_that_is_not_ours_is_refused():
    header = PLACE.header()
    for plain in (header + b"facts", header + b"facts" + (5).to_bytes(8, "big"), header + b"\xff" * 8, b"", header):
        with pytest.raises(Unopenable):
            envelope.unseal(pyrage.encrypt(plain, [envelope.recipient(PUBLIC)]), PLACE, SECRET)


@pytest.mark.parametrize("size", [0, 1, 65_535, 65_536, 262_000, 262_200, 1_048_576, 3_000_001])
def test_a_stream_is_sealed_like_a_whole(size):
    content, pieces = os.urandom(size), []
    stream = SealingStream(PLACE, PUBLIC, pieces.append, size=1 << 18)
    for at in range(0, size, 50_000):
        stream.write(content[at : at + 50_000])
    assert stream.close() == size
    assert all(len(piece) == 1 << 18 for piece in pieces[:-1])
    assert envelope.unseal(b"".join(pieces), PLACE, SECRET) == content


def test_an_abandoned_stream_ends():
    for size in (10, 1 << 20):
        stream = SealingStream(PLACE, PUBLIC, lambda piece: None)
        stream.write(b"x" * size)
        stream.abandon()
        assert stream._thread is None or not stream._thread.is_alive()


def test_identities_are_spelled_as_age_does():
    for _n in range(50):
        secret, public = envelope.new_identity()
        assert identity_of(scalar_of(secret)) == secret
        assert envelope.public_of(secret) == public
    with pytest.raises(ValueError, match="do not fit"):
        scalar_of(SECRET[:-1] + ("Q" if SECRET[-1] != "Q" else "P"))


def test_receipts_are_read_as_people_type_them():
    digits = receipt.new_digits()
    spelled = receipt.spelled(digits)
    assert len(spelled.split()) == 6
    for typed in (
        spelled,
        digits,
        spelled.replace(" ", "-"),
        f"  {spelled}\n",
        digits.translate(str.maketrans("0123456789", "０１２３４５６７８９")),
    ):
        assert receipt.read_digits(typed) == digits
    for wrong in ("", digits[:-1], digits + "1", "x" * 24, "٣" * 24):
        assert receipt.read_digits(wrong) == ""


def test_a_receipt_depends_on_pepper_and_installation():
    digits = receipt.new_digits()
    one = receipt.derive(digits, b"p" * 32, "one")
    assert one == receipt.derive(digits, b"p" * 32, "one")
    assert (
        len({one.tag, receipt.derive(digits, b"q" * 32, "one").tag, receipt.derive(digits, b"p" * 32, "two").tag}) == 3
    )
    sealed = envelope.seal(b"secret", PLACE, [one.public])
    assert envelope.unseal(sealed, PLACE, one.identity) == b"secret"


def test_a_passphrase_opens_its_slot_only():
    salt, sealed = passphrase.lock(SECRET, "a good  long passphrase", PLACE)
    assert passphrase.unlock(sealed, salt, "a good long passphrase", PLACE) == SECRET
    for words, context in (("a good long passphrasf", PLACE), ("a good long passphrase", replace(PLACE, record="b"))):
        with pytest.raises(Unopenable):
            passphrase.unlock(sealed, salt, words, context)


def test_three_of_five_open_the_escrow_and_two_do_not():
    shares = escrow.split(SECRET, 3, 5)
    assert escrow.combine([shares[4], shares[0], shares[2]]) == SECRET
    others = escrow.split(SECRET, 3, 5)
    for wrong in (shares[:2], shares[:1], [], ["nonsense"], [shares[0], shares[1], others[2]], [shares[0]] * 3):
        with pytest.raises(Unopenable):
            escrow.combine(wrong)


# With other programs


@pytest.fixture
def age() -> str:
    found = shutil.which("age")
    if found is None:
        if os.environ.get("CI"):
            pytest.fail("CI must have age.")
        pytest.skip("age is not installed")
    return found


def test_the_public_age_tool_opens_what_we_sealed(age, tmp_path):
    """As docs/how-to/keys-and-escrow says: without the header line, without the zeros at the end."""
    text = "张某某收受礼金，见附件。".encode()
    (tmp_path / "key.txt").write_text(SECRET)
    (tmp_path / "content.age").write_bytes(envelope.seal(text, PLACE, [PUBLIC]))
    command = f"{age} -d -i key.txt content.age | tail -n +2 | head -c -8 | tr -d '\\0'"
    assert subprocess.run(["sh", "-c", command], cwd=tmp_path, capture_output=True, check=True).stdout == text


def test_we_open_what_the_public_age_tool_sealed(age):
    plain = envelope.wrapped(b"sealed elsewhere", PLACE)
    sealed = subprocess.run([age, "-r", PUBLIC], input=plain, capture_output=True, check=True).stdout
    assert envelope.unseal(sealed, PLACE, SECRET) == b"sealed elsewhere"


JAVASCRIPT = """
import { Encrypter, Decrypter } from "age-encryption";
import { readFileSync, writeFileSync } from "node:fs";
const [, , folder, secret, recipient] = process.argv;
const decrypter = new Decrypter();
decrypter.addIdentity(secret);
writeFileSync(folder + "/plain", await decrypter.decrypt(readFileSync(folder + "/ours.age")));
const encrypter = new Encrypter();
encrypter.addRecipient(recipient);
writeFileSync(folder + "/theirs.age", await encrypter.encrypt(readFileSync(folder + "/wrapped")));
"""


def test_the_browser_library_and_we_open_each_other(tmp_path):
    node = shutil.which("node")
    if node is None or not (ROOT / "node_modules" / "age-encryption").is_dir():
        pytest.skip("no node, or the front-end packages are not installed")
    (tmp_path / "node_modules").symlink_to((ROOT / "node_modules").resolve())
    (tmp_path / "both.mjs").write_text(JAVASCRIPT)
    (tmp_path / "ours.age").write_bytes(envelope.seal("举报内容".encode(), PLACE, [PUBLIC]))
    (tmp_path / "wrapped").write_bytes(envelope.wrapped(b"from the browser", PLACE))
    subprocess.run([node, "both.mjs", str(tmp_path), SECRET, PUBLIC], cwd=tmp_path, check=True, capture_output=True)
    assert envelope.unwrapped((tmp_path / "plain").read_bytes(), PLACE) == "举报内容".encode()
    assert envelope.unseal((tmp_path / "theirs.age").read_bytes(), PLACE, SECRET) == b"from the browser"
