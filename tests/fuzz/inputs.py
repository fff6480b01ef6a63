"""What the fuzzers feed: right inputs with a few pieces replaced by what does harm elsewhere."""

from typing import Any

from hypothesis import strategies as st

from deployment_drift.probe.collect import Answer, Section

HARM = (
    *("", "\n", "\0", "\x1b[2J", "\u202e", "\ud800", "\ufeff", "日", "%s", "{0}", "-", "--", "../"),
    *(
        '"',
        "'",
        "\\",
        "[",
        "]",
        "[[",
        "{",
        "}",
        "#",
        "|",
        "=",
        ".",
        "?",
        "&",
        "://",
        "@",
        "://[",
        "%ff",
    ),
    *("[" * 2000, "]" * 2000, '{"a":' * 500, "9" * 5000, "NaN", "1e999", "-0", "null", "true"),
    *("<img src=x>", "]]>", "www.e.example", "\r\n", "x" * 70_000),
)
GARBAGE = st.one_of(st.sampled_from(HARM), st.text(max_size=8))
LONGEST = 60  # characters that one piece replaces


@st.composite
def spoilt(draw: st.DrawFn, right: str) -> str:
    """Give a text in which up to four pieces are others."""
    for _ in range(draw(st.integers(1, 4))):
        start = draw(st.integers(0, len(right)))
        end = min(len(right), start + draw(st.integers(0, LONGEST)))
        right = right[:start] + draw(GARBAGE) + right[end:]
    return right


def as_bytes(texts: st.SearchStrategy[str]) -> st.SearchStrategy[bytes]:
    """Give what may stand in a file: texts, whatever is in them, and plain bytes."""
    encoded = texts.map(lambda text: text.encode("utf-8", "surrogatepass"))
    return st.one_of(encoded, st.binary(max_size=64))


@st.composite
def answered(draw: st.DrawFn, sections: dict[str, Section]) -> dict[str, Section]:
    """Give a host's answer of which up to four sections are spoilt, not there, or not answered."""
    made = dict(sections)
    for name in draw(st.lists(st.sampled_from(sorted(made)), min_size=1, max_size=4)):
        status = draw(st.sampled_from([Answer.ANSWERED, *Answer]))
        text = draw(st.one_of(spoilt(made[name].text), GARBAGE)).replace("\ud800", "")
        made[name] = Section(status, text, draw(GARBAGE))
    return made


def words(known: list[str]) -> st.SearchStrategy[list[str]]:
    """Give what may be typed: known words in any order, and others among them."""
    word: st.SearchStrategy[Any] = st.one_of(st.sampled_from(known), GARBAGE, spoilt(known[0]))
    return st.lists(word.filter(lambda each: len(each) < LONGEST), max_size=6)
