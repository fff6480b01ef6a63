"""What a PHP says of itself, as JSON and as text."""

import json
from pathlib import Path

import pytest

from deployment_drift.errors import UnknownError
from deployment_drift.probe.ini import Line
from deployment_drift.probe.phpinfo import of_info, of_json

INFO = (Path(__file__).parent / "answers" / "fpm_info.txt").read_text("utf-8")
FACTS = {
    "version": "8.4.24",
    "sapi": "cli",
    "settings": {"memory_limit": "128M"},
    "files": {"loaded": False, "scanned": []},
    "extensions": {"gd": "8.4", "x": None},
    "libraries": {"ICU": "76.1"},
}
ANSWER = json.dumps({"facts": FACTS, "lines": [["/php.ini", 3, "a", "b"]], "answers": {"1": 1}})


def test_noise_around_the_answer() -> None:
    """Warnings before the mark and whatever comes behind the line do not spoil it."""
    said = of_json(f"PHP Warning: {{]\n@@facts@@{ANSWER}\nNotice: bye\n")
    assert (said.version, said.interface, said.loaded) == ("8.4.24", "cli", None)
    assert said.extensions == {"gd": "8.4", "x": ""}
    assert said.lines == (Line("/php.ini:3", "a", "b"),)
    assert said.more["answers"] == {"1": 1}


@pytest.mark.parametrize(
    "text", ["", "Segmentation fault\n", "@@fac", "@@facts@@{", "@@facts@@{}", "@@facts@@[1]"]
)
def test_a_broken_answer_is_unknown(text: str) -> None:
    """A PHP that gives something else tells nothing."""
    with pytest.raises(UnknownError, match="php"):
        of_json(text)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "php did not answer"),
        ("PHP Warning: a\nSegmentation fault\n", "php did not answer: Segmentation fault"),
        ("x" * 300, f"php did not answer: {'x' * 200}"),
    ],
)
def test_what_php_said_instead_is_the_reason(text: str, said: str) -> None:
    """The last line tells why, and is cut where it is long."""
    with pytest.raises(UnknownError) as raised:
        of_json(text)
    assert str(raised.value) == said


def test_the_first_answer_counts() -> None:
    """A mark that comes again behind the answer is noise."""
    assert of_json(f"@@facts@@{ANSWER}\n@@facts@@{{\n").version == "8.4.24"


def test_files_and_character_sets_are_read() -> None:
    """The php.ini that was loaded, those that were scanned, and what mbstring knows are told."""
    files = {"loaded": "/etc/php.ini", "scanned": ["/etc/conf.d/a.ini"]}
    facts = {**FACTS, "files": files, "charsets": {"mbstring": {"SJIS": True}}}
    said = of_json(f"@@facts@@{json.dumps({'facts': facts, 'lines': []})}")
    assert (said.loaded, said.scanned) == ("/etc/php.ini", ("/etc/conf.d/a.ini",))
    assert said.charsets == {"mbstring": {"SJIS": True}}
    assert of_json(f"@@facts@@{ANSWER}").charsets == {}


def test_text_of_fpm() -> None:
    """Of `-i`, version, files, settings and libraries are read, and the lines behind it."""
    said = of_info(INFO)
    assert (said.version, said.interface) == ("8.4.28", "fpm-fcgi")
    assert said.loaded == "/etc/php/8.4/fpm/php.ini"
    folder = "/etc/php/8.4/fpm/conf.d"
    assert said.scanned == (f"{folder}/10-opcache.ini", f"{folder}/20-zip.ini")
    assert said.values == {
        "cgi.nph": "0",
        "allow_url_fopen": "1",
        "arg_separator.output": "&",
        "include_path": "",
        "memory_limit": "128M",
        "odd": "a => b",
        "opcache.enable": "1",
    }
    assert said.libraries == {"iconv": "glibc 2.41"}
    assert [line.value for line in said.lines] == ["128M", "256M"]


def test_extensions_of_fpm() -> None:
    """The headings are the extensions; sentences and masked lines are none."""
    extensions = of_info(INFO).extensions
    assert list(extensions) == ["cgi-fcgi", "Core", "iconv", "mbstring", "Zend OPcache", "zip"]
    assert (extensions["zip"], extensions["cgi-fcgi"]) == ("1.22.8", "")


def test_no_files_at_all() -> None:
    """Without any php.ini there is none, and nothing was scanned."""
    text = "PHP Version => 8.4.1\nLoaded Configuration File => (none)\n"
    said = of_info(f"{text}Additional .ini files parsed => (none)\n\nConfiguration\n\n")
    assert (said.loaded, said.scanned) == (None, ())


def test_headings_are_short_and_alone() -> None:
    """A name has three words at most; what is longer, or has a second line, is no extension."""
    text = "PHP Version => 8.4.1\n\nConfiguration\n\na b c\n\nd e f g\n\nh\ni\n"
    assert of_info(text).extensions == {"a b c": ""}


def test_the_first_arrow_and_the_first_heading_count() -> None:
    """What stands behind them may look the same, and belongs to the value, or to a module."""
    begin = "PHP Version => 8.4.1\nServer API => a => b\n"
    said = of_info(f"{begin}\nConfiguration\n\nCore\n\nConfiguration\n\nzip\n")
    assert said.more["Server API"] == "a => b"
    assert list(said.extensions) == ["Core", "Configuration", "zip"]


def test_what_fpm_does_not_say_is_not_there() -> None:
    """No file was loaded and no library is known; all that it says is kept."""
    said = of_info("PHP Version => 8.4.1\n\nConfiguration\n\n")
    assert (said.loaded, said.libraries) == (None, {})
    assert said.more == {"PHP Version": "8.4.1"}


def test_text_without_a_version_is_unknown() -> None:
    """What is no output of `-i` is no answer."""
    with pytest.raises(UnknownError, match=r"^php-fpm -i gave no version$"):
        of_info("Segmentation fault")
