<?php
// Receives a photo.

require __DIR__ . '/../src/shop.php';

require_post();
answer(['received' => photo_size()], 'photo');
