<?php
// The whole shop: one subject a file.

foreach (['answer', 'delivery', 'input', 'mail', 'money', 'order', 'page', 'photo',
          'server', 'spool', 'teas', 'words'] as $subject) {
    require __DIR__ . "/$subject.php";
}
