"""What the same line of PHP gives."""

from deployment_drift import Same
from deployment_drift.probe.questions import Expression

ROUNDING = Expression("round(45 * 0.7)")
PERCENTAGE = Expression("round(23 / 40 * 100)")
NUMBER_FORMAT = Expression("number_format(1234.567, -2)")
LOWER_CASE = Expression("mb_strtolower('ΑΣ')")
RANGE_OF_LETTERS = Expression("count(range('1', 'z'))")
HASH_COST = Expression("PASSWORD_BCRYPT_DEFAULT_COST")
PATTERN = Expression("preg_match('/^a{,3}$/', 'aaa')")
STRING_COMPARISON = Expression("0 == 'foo'")
NEWER_FUNCTIONS = Expression("function_exists('array_find')")
SHORT_TIME = Expression("IntlDateFormatter::create('en_US', -1, 3, 'UTC')->format(0)")
SORT_ORDER = Expression("(new Collator('ja'))->compare('あ', 'ア')")
LETTER_WIDTH = Expression("mb_strwidth('🫠') . '/' . mb_strlen('🫠')")


def test_rounding(same: Same) -> None:
    """round(45 * 0.7): prices that end in a half are rounded the other way."""
    assert same(lambda host: host.php.evaluate(ROUNDING))


def test_percentage(same: Same) -> None:
    """round(23 / 40 * 100): a report shows another percentage than yesterday."""
    assert same(lambda host: host.php.evaluate(PERCENTAGE))


def test_number_format(same: Same) -> None:
    """number_format(1234.567, -2): an estimate is rounded to hundreds, or not at all."""
    assert same(lambda host: host.php.evaluate(NUMBER_FORMAT))


def test_lower_case(same: Same) -> None:
    """mb_strtolower('ΑΣ'): a search no longer finds the Greek customer."""
    assert same(lambda host: host.php.evaluate(LOWER_CASE))


def test_range_of_letters(same: Same) -> None:
    """count(range('1', 'z')): a list of choices grows or collapses."""
    assert same(lambda host: host.php.evaluate(RANGE_OF_LETTERS))


def test_password_cost(same: Same) -> None:
    """Cost of a password hash: logins take four times as long, or hashes are four times weaker."""
    assert same(lambda host: host.php.evaluate(HASH_COST))


def test_pattern(same: Same) -> None:
    """preg_match('/^a{,3}$/', 'aaa'): a form accepts what the other refuses."""
    assert same(lambda host: host.php.evaluate(PATTERN))


def test_string_comparison(same: Same) -> None:
    """0 == 'foo': a login check that compares loosely lets everybody in."""
    assert same(lambda host: host.php.evaluate(STRING_COMPARISON))


def test_newer_functions(same: Same) -> None:
    """array_find: calling it is a fatal error where it is not."""
    assert same(lambda host: host.php.evaluate(NEWER_FUNCTIONS))


def test_short_time(same: Same) -> None:
    """A time of day in English: a parser that expects a plain space stops."""
    assert same(lambda host: host.php.evaluate(SHORT_TIME))


def test_sort_order(same: Same) -> None:
    """Order of あ and ア: lists for people come in another order."""
    assert same(lambda host: host.php.evaluate(SORT_ORDER))


def test_letter_width(same: Same) -> None:
    """Width of a new emoji: tables for people are out of line."""
    assert same(lambda host: host.php.evaluate(LETTER_WIDTH))
