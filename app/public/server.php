<?php
// Tells a probe on this machine what PHP is under the web server.

require __DIR__ . '/../src/shop.php';

if (!in_array($_SERVER['REMOTE_ADDR'], ['127.0.0.1', '::1'], true)) {
    refuse('elsewhere', 403);
}
send_json(server_facts());
