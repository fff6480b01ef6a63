<?php
// The values of expressions, given as one JSON object by name; an error is the name of its class.
$values = [];
foreach (json_decode($argv[1], true) as $name => $expression) {
    try {
        $values[$name] = eval("return $expression;");
    } catch (Throwable $error) {
        $values[$name] = get_class($error);
    }
}
echo "\n@@facts@@", json_encode($values, JSON_INVALID_UTF8_SUBSTITUTE | JSON_UNESCAPED_UNICODE);
