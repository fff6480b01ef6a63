<?php
// What the shop sells: price in yen, per cent off.

return [
    'hojicha' => ['price' => 45, 'off' => 30],
    'genmaicha' => ['price' => 380, 'off' => 0],
    'sencha' => ['price' => 680, 'off' => 0],
    'gyokuro' => ['price' => 1480, 'off' => 0],
];
