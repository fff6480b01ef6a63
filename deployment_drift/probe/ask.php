<?php
// One PHP answers everything that checks ask of PHP and of the web server on its machine. The
// questions are one JSON object: "lines" of PHP and "pages" ([method, path, body]), by name.

/** What this PHP is, with its settings as they take effect. */
function facts(): array
{
    $extensions = [];
    foreach (get_loaded_extensions() as $name) {
        $extensions[$name] = phpversion($name) ?: '';
    }
    ksort($extensions);
    $scanned = array_filter(explode(',', php_ini_scanned_files() ?: ''));
    return [
        'version' => PHP_VERSION,
        'sapi' => PHP_SAPI,
        'settings' => ini_get_all(null, false),
        'files' => ['loaded' => php_ini_loaded_file() ?: null, 'scanned' => array_map('trim', $scanned)],
        'extensions' => $extensions,
        'libraries' => array_filter([
            'ICU' => defined('INTL_ICU_VERSION') ? INTL_ICU_VERSION : null,
            'OpenSSL' => defined('OPENSSL_VERSION_TEXT') ? OPENSSL_VERSION_TEXT : null,
            'PCRE' => PCRE_VERSION,
            'cURL' => function_exists('curl_version') ? curl_version()['version'] : null,
            'libxml' => defined('LIBXML_DOTTED_VERSION') ? LIBXML_DOTTED_VERSION : null,
            'zlib' => defined('ZLIB_VERSION') ? ZLIB_VERSION : null,
        ]),
    ];
}

/** Which ini file sets each setting last. */
function origins(array $files): object
{
    $origins = [];
    foreach (array_filter([$files['loaded'], ...$files['scanned']]) as $file) {
        foreach (array_keys(@parse_ini_file($file, false, INI_SCANNER_RAW) ?: []) as $name) {
            $origins[$name] = $file;
        }
    }
    ksort($origins);
    return (object) $origins;
}

/** The value of an expression; an error is the name of its class. */
function evaluate(string $expression): mixed
{
    try {
        return eval("return $expression;");
    } catch (Throwable $error) {
        return get_class($error);
    }
}

/** The first port at which a web server of this machine listens. */
function port(): ?int
{
    foreach ([80, 8080] as $port) {
        if ($socket = @fsockopen('127.0.0.1', $port, $code, $text, 1)) {
            fclose($socket);
            return $port;
        }
    }
    return null;
}

/** The answer to one request; a body like "5 MB" is a photo of that size. */
function page(int $port, string $method, string $path, string $body): array
{
    $type = 'application/x-www-form-urlencoded';
    if (preg_match('/^(\d+) MB$/', $body, $size)) {
        $type = 'multipart/form-data; boundary=photo';
        $body = "--photo\r\nContent-Disposition: form-data; name=\"photo\"; filename=\"tea.jpg\"\r\n"
            . "Content-Type: image/jpeg\r\n\r\n" . str_repeat("\xff", $size[1] << 20) . "\r\n--photo--\r\n";
    }
    $socket = fsockopen('127.0.0.1', $port, $code, $text, 5);
    stream_set_timeout($socket, 5);
    fwrite($socket, "$method $path HTTP/1.0\r\nHost: 127.0.0.1\r\nAccept: application/json\r\n"
        . "Content-Type: $type\r\nContent-Length: " . strlen($body) . "\r\n\r\n$body");
    [$head, $content] = explode("\r\n\r\n", stream_get_contents($socket), 2) + ['', ''];
    $lines = explode("\r\n", $head);
    $headers = [];
    foreach (array_slice($lines, 1) as $line) {
        [$name, $value] = explode(': ', $line, 2) + [1 => ''];
        $headers[$name] = $value;
    }
    return ['status' => (int) (explode(' ', $lines[0])[1] ?? 0), 'headers' => $headers, 'body' => $content];
}

$questions = json_decode($argv[1], true);
$answers = ['facts' => facts()];
$answers['origins'] = origins($answers['facts']['files']);
ini_set('memory_limit', -1);
$answers['lines'] = array_map('evaluate', $questions['lines']);
if ($questions['pages']) {
    $answers['port'] = $port = port();
    foreach ($port ? $questions['pages'] : [] as $name => $request) {
        $answers['pages'][$name] = page($port, ...$request);
    }
}
$server = json_decode($answers['pages']['server']['body'] ?? '', true);
if ($server) {
    $answers['web'] = ['facts' => $server, 'origins' => origins($server['files'])];
}
echo "\n@@facts@@", json_encode($answers, JSON_INVALID_UTF8_SUBSTITUTE | JSON_UNESCAPED_UNICODE | JSON_UNESCAPED_SLASHES);
