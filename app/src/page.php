<?php
// Pages for people: a view inside the frame, everything escaped.

function send_page(string $view, array $facts): void
{
    header('Content-Type: text/html; charset=utf-8');
    header('Vary: Accept, Accept-Language');
    $content = render($view, $facts);
    echo render('frame', ['content' => $content, 'kind' => $view]);
}

function render(string $view, array $facts): string
{
    ob_start();
    (function () use ($view, $facts) {
        extract($facts);
        require __DIR__ . "/../views/$view.php";
    })();
    return ob_get_clean();
}

function e(string|int|null $text): string
{
    return htmlspecialchars((string) $text, ENT_QUOTES | ENT_SUBSTITUTE, 'UTF-8');
}

function link_to(string $page, array $query = []): string
{
    return e($page . '?' . http_build_query($query + ['lang' => language()]));
}
