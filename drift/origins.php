<?php
// Which of the ini files, in the order in which PHP reads them, sets each setting last.
$origins = [];
foreach (array_slice($argv, 1) as $file) {
    foreach (array_keys(@parse_ini_file($file, false, INI_SCANNER_RAW) ?: []) as $name) {
        $origins[$name] = $file;
    }
}
ksort($origins);
echo "\n@@facts@@", json_encode((object) $origins, JSON_INVALID_UTF8_SUBSTITUTE | JSON_UNESCAPED_SLASHES);
