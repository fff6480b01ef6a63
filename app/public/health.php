<?php
// Says that web server and PHP are up.

header('Content-Type: text/plain');
echo 'ok';
