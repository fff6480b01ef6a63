<?php
// The first tea that costs more than so many yen.

require __DIR__ . '/../src/shop.php';

$tea = first_tea_above(whole_number($_GET, 'over', 0, 1_000_000));

answer(['found' => $tea ? tea_name($tea['id']) : null, 'price' => $tea['price'] ?? null], 'find');
