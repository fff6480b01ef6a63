<?php
// What this PHP is, as JSON after a mark: warnings that PHP prints by itself come before the mark.
$extensions = [];
foreach (get_loaded_extensions() as $name) {
    $extensions[$name] = phpversion($name) ?: '';
}
ksort($extensions);
$libraries = array_filter([
    'ICU' => defined('INTL_ICU_VERSION') ? INTL_ICU_VERSION : null,
    'OpenSSL' => defined('OPENSSL_VERSION_TEXT') ? OPENSSL_VERSION_TEXT : null,
    'PCRE' => PCRE_VERSION,
    'cURL' => function_exists('curl_version') ? curl_version()['version'] : null,
    'libxml' => defined('LIBXML_DOTTED_VERSION') ? LIBXML_DOTTED_VERSION : null,
    'zlib' => defined('ZLIB_VERSION') ? ZLIB_VERSION : null,
]);
echo "\n@@facts@@", json_encode([
    'version' => PHP_VERSION,
    'sapi' => PHP_SAPI,
    'settings' => ini_get_all(null, false),
    'files' => [
        'loaded' => php_ini_loaded_file() ?: null,
        'scanned' => array_map('trim', array_filter(explode(',', php_ini_scanned_files() ?: ''))),
    ],
    'extensions' => $extensions,
    'libraries' => $libraries,
], JSON_INVALID_UTF8_SUBSTITUTE | JSON_UNESCAPED_UNICODE | JSON_UNESCAPED_SLASHES);
