"""Every fault of the tables is played as a user would meet it."""

from collections.abc import Callable
from pathlib import Path
from unittest.mock import MagicMock

import pytest

from tests.faults.conftest import Played
from tests.faults.fault import Fault, faults
from tests.faults.page import PAGE, cells, lines
from tests.faults.play import Ended, Place, play, sentence

FAULTS = [
    pytest.param(fault, id=str(fault), marks=[pytest.mark.engine] * ("engine" in fault.needs))
    for fault in faults()
]


@pytest.mark.parametrize("fault", FAULTS)
def test_fault(
    fault: Fault,
    place: Callable[[Fault], Place],
    played: Played,
    pytestconfig: pytest.Config,
) -> None:
    """A fault ends with its status and its sentence, leaves nothing, and the page says so."""
    ended = play(fault, place(fault))
    assert ended.status == fault.status, ended.told[-2000:]
    assert "Traceback" not in ended.told
    assert fault.says in ended.sentence, ended.told[-2000:]
    assert ended.left == fault.left
    played.append((fault, ended))
    assert pytestconfig.getoption("--write-page") or is_told(fault, ended)


def is_told(fault: Fault, ended: Ended) -> bool:
    """Tell whether the page has the fault's line; a library's own words may be others today."""
    *before, _, left = cells(fault, ended)
    found = [
        line for line in lines(PAGE.read_text("utf-8")) if [*line[:3], line[4]] == [*before, left]
    ]
    return any(fault.says in line[3] for line in found)


def test_the_page_has_no_other_line() -> None:
    """What docs/faults.md tells is in the tables, each once."""
    told = [line[0] for line in lines(PAGE.read_text("utf-8"))]
    assert sorted(told) == sorted(fault.what for fault in faults())


def test_no_line_has_a_folder_of_whoever_played_it(tmp_path: Path) -> None:
    """What is told has the page's words for folders: that of the engine, too."""
    place = Place(tmp_path, tmp_path, client=MagicMock())
    told = f"Error: {place.state}/engine/docker.sock and {place.work}/a in {tmp_path}"
    fault = Fault("engines", "what", "typed", 2, says="docker.sock")
    assert sentence(told, fault, place) == "…/engine/docker.sock and a in …"
