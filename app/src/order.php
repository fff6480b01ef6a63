<?php
// Takes an order: check it, keep its confirmation safe, then try to send it.

function read_order(array $form): array
{
    $order = [
        'id' => 'M-' . strtoupper(bin2hex(random_bytes(4))),
        'email' => email_address($form),
        'tea' => tea_id($form) ?? refuse('tea', 422),
        'quantity' => whole_number($form, 'quantity', 1, 99, 422),
    ];
    return $order + ['total' => $order['quantity'] * tea_price($order['tea'])];
}

/** "accepted" by the mail system, or "waiting" in the spool until the next attempt. */
function confirm(array $order): string
{
    if (!deliver(keep(confirmation($order)))) {
        return 'waiting';
    }
    deliver_waiting(5); // a few at a time: the customer is waiting, too
    return 'accepted';
}
