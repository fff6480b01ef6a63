<?php
// What this server is: a few words for the page's foot, everything for a probe.

function server_strip(): array
{
    return [
        'stage' => getenv('SHOP_STAGE') ?: gethostname(),
        'php' => PHP_VERSION,
        'zone' => date_default_timezone_get(),
    ];
}

/** PHP as it is under the web server, which the command line cannot know. */
function server_facts(): array
{
    return [
        'sapi' => PHP_SAPI,
        'version' => PHP_VERSION,
        'settings' => ini_get_all(null, false),
        'files' => ['loaded' => php_ini_loaded_file(), 'scanned' => scanned_files()],
        'extensions' => extension_versions(),
        'apache_modules' => function_exists('apache_get_modules') ? apache_get_modules() : [],
        'libraries' => library_versions(),
    ];
}

function scanned_files(): array
{
    return array_map('trim', array_filter(explode(',', (string) php_ini_scanned_files())));
}

function extension_versions(): array
{
    $names = get_loaded_extensions();
    return array_combine($names, array_map(fn($name) => phpversion($name) ?: null, $names));
}

function library_versions(): array
{
    return array_filter([
        'ICU' => constant_or_null('INTL_ICU_VERSION'),
        'OpenSSL' => constant_or_null('OPENSSL_VERSION_TEXT'),
        'PCRE' => constant_or_null('PCRE_VERSION'),
        'Oniguruma' => constant_or_null('MB_ONIGURUMA_VERSION'),
        'libsodium' => constant_or_null('SODIUM_LIBRARY_VERSION'),
        'libxml' => constant_or_null('LIBXML_DOTTED_VERSION'),
        'zlib' => constant_or_null('ZLIB_VERSION'),
        'cURL' => function_exists('curl_version') ? curl_version()['version'] : null,
    ]);
}

function constant_or_null(string $name): ?string
{
    return defined($name) ? constant($name) : null;
}
