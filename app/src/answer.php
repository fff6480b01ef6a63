<?php
// Answers a request: JSON for programs, a page for people, the same facts in both.

function answer(array $facts, string $view, int $status = 200): never
{
    discard_warnings();
    http_response_code($status);
    wants_json() ? send_json($facts) : send_page($view, $facts);
    exit;
}

/** A kind "no": one machine word, explained to people in their language. */
function refuse(string $word, int $status): never
{
    answer(['error' => $word], 'sorry', $status);
}

function wants_json(): bool
{
    return str_contains($_SERVER['HTTP_ACCEPT'] ?? '', 'application/json');
}

function send_json(array $facts): void
{
    header('Content-Type: application/json; charset=utf-8');
    echo json_encode(sorted($facts), JSON_THROW_ON_ERROR | JSON_UNESCAPED_UNICODE
        | JSON_UNESCAPED_SLASHES | JSON_INVALID_UTF8_SUBSTITUTE);
}

function sorted(array $facts): array
{
    if (!array_is_list($facts)) {
        ksort($facts, SORT_STRING);
    }
    return array_map(fn($fact) => is_array($fact) ? sorted($fact) : $fact, $facts);
}

function discard_warnings(): void
{
    // A post over post_max_size makes PHP print a warning before our first line runs.
    while (ob_get_level() > 0) {
        ob_end_clean();
    }
}
