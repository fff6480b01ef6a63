<?php
// What remains of a price after so many per cent off.

require __DIR__ . '/../src/shop.php';

$price = whole_number($_GET, 'price', 1, 1_000_000);
$off = whole_number($_GET, 'off', 0, 100);

answer(['price' => $price, 'off' => $off, 'discounted' => discounted($price, $off)], 'offer');
