<?php
// The shop's front.

require __DIR__ . '/../src/shop.php';

answer(['delivery' => delivery_time(), 'teas' => teas()], 'front');
