<?php
// Takes an order and confirms it by mail.

require __DIR__ . '/../src/shop.php';

require_post();
$order = read_order($_POST);
answer(['order' => $order['id'], 'mail' => confirm($order)], 'thanks');
