<?php
// Sends the letters that wait: `runuser -u www-data -- php /var/www/shop/deliver.php`.

require __DIR__ . '/src/shop.php';

$sent = deliver_waiting();
$waiting = count(waiting_letters());
echo "sent $sent, waiting $waiting\n";
exit($waiting > 0 ? 1 : 0);
