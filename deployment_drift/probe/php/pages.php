<?php
// Behind ask.php: asks the shop of this machine for pages, each a method, a path and a body.

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
    $photo = $end = ''; // a MiB of it, sent so many times
    if (preg_match('/^(\d+) MB$/', $body, $size)) {
        $type = 'multipart/form-data; boundary=photo';
        $body = "--photo\r\nContent-Disposition: form-data; name=\"photo\"; filename=\"tea.jpg\"\r\n"
            . "Content-Type: image/jpeg\r\n\r\n";
        [$photo, $end] = [str_repeat("\xff", 1 << 20), "\r\n--photo--\r\n"];
    }
    $times = (int) ($size[1] ?? 0);
    $length = strlen($body) + strlen($photo) * $times + strlen($end);
    $socket = fsockopen('127.0.0.1', $port, $code, $text, 5);
    stream_set_timeout($socket, 5);
    fwrite($socket, "$method $path HTTP/1.0\r\nHost: 127.0.0.1\r\nAccept: application/json\r\n"
        . "Content-Type: $type\r\nContent-Length: $length\r\n\r\n$body");
    for ($sent = 0; $sent < $times; $sent++) {
        fwrite($socket, $photo);
    }
    fwrite($socket, $end);
    [$head, $content] = explode("\r\n\r\n", stream_get_contents($socket), 2) + ['', ''];
    $lines = explode("\r\n", $head);
    $headers = [];
    foreach (array_slice($lines, 1) as $line) {
        [$name, $value] = explode(': ', $line, 2) + [1 => ''];
        $headers[$name] = $value;
    }
    unset($headers['Date']); // when it was asked says nothing of the server
    return ['status' => (int) (explode(' ', $lines[0])[1] ?? 0), 'headers' => $headers, 'body' => $content];
}

/** Every page in turn; what /server.php says of PHP under the web server, and its ini files. */
function shop(array $requests): array
{
    $port = port();
    $pages = [];
    foreach ($port ? $requests : [] as $request) {
        $pages[implode(' ', $request)] = page($port, ...$request);
    }
    $server = $port ? json_decode(page($port, 'GET', '/server.php', '')['body'], true) : null;
    return ['port' => $port, 'pages' => (object) $pages, 'web' => $server ? ['facts' => $server, 'lines' => lines($server['files'])] : null];
}
