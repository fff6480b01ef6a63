"""What the same line of PHP gives."""

from deployment_drift.compare.plugin import Same
from deployment_drift.probe.facts import lines

lines(
    rounding="round(45 * 0.7)",
    percentage="round(23 / 40 * 100)",
    number_format="number_format(1234.567, -2)",
    lower_case="mb_strtolower('ΑΣ')",
    range_of_letters="count(range('1', 'z'))",
    hash_cost="PASSWORD_BCRYPT_DEFAULT_COST",
    pattern="preg_match('/^a{,3}$/', 'aaa')",
    string_comparison="0 == 'foo'",
    newer_functions="function_exists('array_find')",
    short_time="IntlDateFormatter::create('en_US', -1, 3, 'UTC')->format(0)",
    sort_order="(new Collator('ja'))->compare('あ', 'ア')",
    letter_width="mb_strwidth('🫠') . '/' . mb_strlen('🫠')",
)


def test_rounding(same: Same) -> None:
    """round(45 * 0.7): prices that end in a half are rounded the other way."""
    assert same(lambda host: host.php.evaluate("rounding"))


def test_percentage(same: Same) -> None:
    """round(23 / 40 * 100): a report shows another percentage than yesterday."""
    assert same(lambda host: host.php.evaluate("percentage"))


def test_number_format(same: Same) -> None:
    """number_format(1234.567, -2): an estimate is rounded to hundreds, or not at all."""
    assert same(lambda host: host.php.evaluate("number_format"))


def test_lower_case(same: Same) -> None:
    """mb_strtolower('ΑΣ'): a search no longer finds the Greek customer."""
    assert same(lambda host: host.php.evaluate("lower_case"))


def test_range_of_letters(same: Same) -> None:
    """count(range('1', 'z')): a list of choices grows or collapses."""
    assert same(lambda host: host.php.evaluate("range_of_letters"))


def test_password_cost(same: Same) -> None:
    """Cost of a password hash: logins take four times as long, or hashes are four times weaker."""
    assert same(lambda host: host.php.evaluate("hash_cost"))


def test_pattern(same: Same) -> None:
    """preg_match('/^a{,3}$/', 'aaa'): a form accepts what the other refuses."""
    assert same(lambda host: host.php.evaluate("pattern"))


def test_string_comparison(same: Same) -> None:
    """0 == 'foo': a login check that compares loosely lets everybody in."""
    assert same(lambda host: host.php.evaluate("string_comparison"))


def test_newer_functions(same: Same) -> None:
    """Is array_find there?: calling it is a fatal error where it is not."""
    assert same(lambda host: host.php.evaluate("newer_functions"))


def test_short_time(same: Same) -> None:
    """A time of day in English: a parser that expects a plain space stops."""
    assert same(lambda host: host.php.evaluate("short_time"))


def test_sort_order(same: Same) -> None:
    """Which comes first, あ or ア?: lists for people come in another order."""
    assert same(lambda host: host.php.evaluate("sort_order"))


def test_letter_width(same: Same) -> None:
    """Width of a new emoji: tables for people are out of line."""
    assert same(lambda host: host.php.evaluate("letter_width"))
