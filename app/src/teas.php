<?php
// The teas on the shelf.

function teas(): array
{
    return require __DIR__ . '/../data/teas.php';
}

function tea_id(array $form): ?string
{
    $id = $form['tea'] ?? null;
    return is_string($id) && isset(teas()[$id]) ? $id : null;
}

function tea_name(string $id): string
{
    return say("tea.$id");
}

function tea_price(string $id): int
{
    return discounted(...teas()[$id]);
}

/** The first tea that costs more, with its id; null when none does. */
function first_tea_above(int $over): ?array
{
    $teas = array_map(fn($id, $tea) => ['id' => $id] + $tea, array_keys(teas()), teas());
    return array_find($teas, fn($tea) => $tea['price'] > $over);
}
