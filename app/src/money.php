<?php
// Yen, always whole ones.

function discounted(int $price, int $off): int
{
    return (int) round($price * (1 - $off / 100));
}

function yen(int $amount): string
{
    return '¥' . number_format($amount);
}
