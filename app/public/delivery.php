<?php
// When New Year's tea arrives.

require __DIR__ . '/../src/shop.php';

answer(['delivery' => delivery_time(), 'zone' => date_default_timezone_get()], 'delivery');
