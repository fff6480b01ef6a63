"""Archives: the same content is the same bytes, and engines can read them."""

import io
import tarfile

from deployment_drift.build import tar


def entries(packed: bytes) -> dict[str, tarfile.TarInfo]:
    """Return what is in an archive, by name."""
    with tarfile.open(fileobj=io.BytesIO(packed)) as opened:
        return {info.name: info for info in opened}


def test_texts_and_bytes_become_files_for_everybody() -> None:
    """Every file can be read by everybody, and says neither when nor by whom it was written."""
    packed = tar.pack({"etc/service": "A=é\n", "key": b"\xff"})
    assert tar.read(packed, "etc/service") == "A=é\n"
    for info in entries(packed).values():
        assert (info.mode, info.mtime, info.uid, info.uname) == (0o644, 0, 0, "")
    assert packed == tar.pack({"etc/service": "A=é\n", "key": b"\xff"})


def test_files_are_added_behind_others() -> None:
    """What was in an archive stays in it, in front of what is added."""
    packed = tar.pack({"second": "2"}, tar.pack({"first": "1"}))
    assert list(entries(packed)) == ["first", "second"]
    assert tar.read(packed, "first") == "1"


def test_archive_by_hand_is_one_of_the_librarys() -> None:
    """Head, content, filling and end, one after the other, are what tar reads."""
    content = b"five!"
    packed = tar.head("file", len(content)) + content + tar.fill(len(content)) + tar.END
    assert tar.read(packed, "file") == "five!"
