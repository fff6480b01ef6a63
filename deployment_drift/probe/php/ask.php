<?php
// One PHP says what it is. On its standard input, between empty lines: the key of digests, three
// patterns of what is secret (see sh/_secrets.sh), expressions and pages, as JSON.

/** What this PHP is, with its settings as they take effect. */
function facts(): array
{
    $extensions = [];
    foreach (get_loaded_extensions() as $name) {
        $extensions[$name] = phpversion($name) ?: '';
    }
    ksort($extensions);
    $scanned = array_filter(array_map('trim', explode(',', php_ini_scanned_files() ?: '')));
    return [
        'version' => PHP_VERSION,
        'sapi' => PHP_SAPI,
        'settings' => ini_get_all(null, false),
        'files' => ['loaded' => php_ini_loaded_file() ?: null, 'scanned' => array_values($scanned)],
        'extensions' => $extensions,
        'libraries' => libraries(),
        'charsets' => charsets(),
        'abilities' => abilities(),
        'closed' => closed(),
    ];
}

/** The first ini file or folder that this user may not read: PHP takes it for one that is not there. */
function closed(): ?string
{
    $folders = getenv('PHP_INI_SCAN_DIR') === false ? PHP_CONFIG_FILE_SCAN_DIR : getenv('PHP_INI_SCAN_DIR');
    $paths = php_ini_loaded_file() ? [] : [(string) getenv('PHPRC'), getenv('PHPRC') . '/php.ini', PHP_CONFIG_FILE_PATH . '/php.ini'];
    foreach (explode(PATH_SEPARATOR, $folders) as $folder) {
        array_push($paths, $folder ?: PHP_CONFIG_FILE_SCAN_DIR, ...glob(($folder ?: PHP_CONFIG_FILE_SCAN_DIR) . '/*.ini') ?: []);
    }
    $closed = array_filter($paths, fn($path) => file_exists($path) && !is_readable($path));
    return array_shift($closed);
}

function libraries(): array
{
    return array_filter([
        'ICU' => defined('INTL_ICU_VERSION') ? INTL_ICU_VERSION : null,
        'OpenSSL' => defined('OPENSSL_VERSION_TEXT') ? OPENSSL_VERSION_TEXT : null,
        'PCRE' => PCRE_VERSION,
        'cURL' => function_exists('curl_version') ? curl_version()['version'] : null,
        'libxml' => defined('LIBXML_DOTTED_VERSION') ? LIBXML_DOTTED_VERSION : null,
        'zlib' => defined('ZLIB_VERSION') ? ZLIB_VERSION : null,
        'iconv' => defined('ICONV_IMPL') ? ICONV_IMPL . ' ' . ICONV_VERSION : null,
    ]);
}

/** Which character sets are known, where that depends on the C library or the build. */
function charsets(): array
{
    $known = [];
    $groups = ['GBK GB18030 BIG5', 'SJIS CP932 EUC-JP ISO-2022-JP', 'EUC-KR', 'ISO-8859-15 WINDOWS-1252 KOI8-R', 'UTF-16'];
    foreach (function_exists('iconv') ? $groups : [] as $group) {
        $converted = array_filter(explode(' ', $group), fn($name) => @iconv('UTF-8', $name, 'a') !== false);
        $known["iconv: $group"] = implode(' ', $converted) ?: 'none of them';
    }
    foreach (function_exists('mb_list_encodings') ? mb_list_encodings() : [] as $name) {
        $known["mbstring: $name"] = true;
    }
    return $known;
}

/** What extensions can do only as they were built: formats of pictures, hashes, addresses. */
function abilities(): array
{
    $known = [
        'gd' => array_keys(array_filter(function_exists('gd_info') ? gd_info() : [], fn($found) => $found === true)),
        'password' => function_exists('password_algos') ? password_algos() : [],
        'transport' => stream_get_transports(),
        'address' => stream_get_wrappers(),
    ];
    $told = [];
    foreach ($known as $kind => $names) {
        foreach ($names as $name) {
            $told["$kind: $name"] = true;
        }
    }
    return $told;
}

/** Every line of the ini files that sets something: file, number, name and value. */
function lines(array $files): array
{
    $found = [];
    foreach (array_filter([$files['loaded'], ...$files['scanned']]) as $file) {
        foreach (@file($file) ?: [] as $number => $line) {
            if (preg_match('/^\s*([\w.\\\\-]+)\s*=\s*(.*?)\s*$/', $line, $part)) {
                $found[] = [realpath($file) ?: $file, $number + 1, $part[1], trim($part[2], '"')];
            }
        }
    }
    return $found;
}

/** The value of an expression; an error is the name of its class. */
function evaluate(string $expression)
{
    try {
        return eval("return $expression;");
    } catch (Throwable $error) {
        return get_class($error);
    }
}

[$key, $names, $plain, $values, $expressions, $pages] = explode("\n\n", $asked ?? stream_get_contents(STDIN)) + array_fill(0, 6, '');
$pattern = fn($lines) => '~' . strtr(trim(str_replace("\n", '|', $lines), '|') ?: '(?!)', ['~' => '\~']) . '~';
$digest = fn($text) => '<secret ' . substr(hash('sha256', $key . $text . $key), 0, 12) . '>';
$masked = fn($name, $value) => !is_string($value) || $value === '' ? $value
    : (preg_match($pattern($names), strtolower($name)) && !preg_match($pattern($plain), strtolower($name))
        && !preg_match('/^(on|off|yes|no|true|false|none|\d{1,2})$/i', $value) ? $digest($value)
        : preg_replace_callback($pattern($values), fn($found) => $digest($found[0]), $value));
$answers = ['facts' => facts()];
foreach ($answers['facts']['settings'] as $name => $value) {
    $answers['facts']['settings'][$name] = $masked($name, $value);
}
$answers['lines'] = array_map(fn($line) => [$line[0], $line[1], $line[2], $masked($line[2], $line[3])], lines($answers['facts']['files']));
ini_set('memory_limit', -1);
$asked = json_decode($expressions ?: '[]', true);
$values = array_combine($asked, array_map('evaluate', $asked));
$answers['answers'] = (object) array_filter($values, fn($value) => json_encode($value, JSON_INVALID_UTF8_SUBSTITUTE) !== false);
if (json_decode($pages ?: '[]')) {
    $answers['shop'] = shop(json_decode($pages, true));
}
echo "\n@@facts@@", json_encode($answers, JSON_INVALID_UTF8_SUBSTITUTE | JSON_UNESCAPED_UNICODE | JSON_UNESCAPED_SLASHES), "\n";
