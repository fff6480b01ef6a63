<?php
// Reads what the customer sent; whatever does not fit is refused.

function whole_number(array $form, string $name, int $least, int $most, int $status = 400): int
{
    $number = filter_var($form[$name] ?? null, FILTER_VALIDATE_INT,
        ['options' => ['min_range' => $least, 'max_range' => $most]]);
    return $number === false ? refuse($name, $status) : $number;
}

function email_address(array $form): string
{
    // Validated addresses hold no line break, so no header can be smuggled into the mail.
    $address = filter_var($form['email'] ?? null, FILTER_VALIDATE_EMAIL) ?: refuse('email', 422);
    // a@[127.0.0.1] is valid, too, and would let strangers choose a server inside our network.
    return str_contains($address, '@[') ? refuse('email', 422) : $address;
}

function require_post(): void
{
    if ($_SERVER['REQUEST_METHOD'] !== 'POST') {
        header('Allow: POST');
        refuse('method', 405);
    }
}
